import {shellQuote} from './shell-quote.js'

/** The same environment in the two ways that a shell script can give it to a program. */
export interface ShellEnvironment {
  /** `export` lines. */
  readonly exports: readonly string[]
  /** Quoted `NAME=value` words for the `env` program: what a shell cannot hold, or would change or act upon. */
  readonly words: readonly string[]
}

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/
const shellsOwn =
  /^(_|IFS|OPT(ARG|ERR|IND)|PPID|E?UID|GROUPS|SHELL(OPTS)|BASH.*|LINENO|S?RANDOM|SECONDS|EPOCH.*|FUNC.*|DIRSTACK|HIST.*|PIPESTATUS|POSIXLY_CORRECT|ENV|PS4|TMOUT|SHLVL|OLDPWD|COMP_.*)$/

/**
 * Splits an environment. Exported values stay out of every argument list, which other users of the machine could read; only names
 * that are no shell identifiers, or mean something to a shell, go through `env`.
 */
export function shellEnvironment(env: Readonly<Record<string, string>>): ShellEnvironment {
  const names = Object.keys(env).sort()
  const fits = (name: string): boolean => identifier.test(name) && !shellsOwn.test(name)
  return {
    exports: names.filter(fits).map((name) => `export ${name}=${shellQuote(env[name] ?? '')}`),
    words: names.filter((name) => !fits(name)).map((name) => shellQuote(`${name}=${env[name] ?? ''}`)),
  }
}
