import {shellQuote} from './shell-quote.js'

/** The same environment in the two ways that a shell script can give it to a program. */
export interface ShellEnvironment {
  /** `export` lines. */
  readonly exports: readonly string[]
  /** Quoted `NAME=value` words for the `env` program: what a shell cannot hold, or would change or act upon. */
  readonly words: readonly string[]
}

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/
/** By their exact names: what only looks like one of them may be a secret. */
const shellsOwn = new Set(
  [
    '_ BASH BASHOPTS BASHPID BASH_ALIASES BASH_ARGC BASH_ARGV BASH_ARGV0 BASH_CMDS BASH_COMMAND BASH_COMPAT BASH_ENV',
    'BASH_EXECUTION_STRING BASH_LINENO BASH_LOADABLES_PATH BASH_MONOSECONDS BASH_REMATCH BASH_SOURCE BASH_SUBSHELL',
    'BASH_TRAPSIG BASH_VERSINFO BASH_VERSION BASH_XTRACEFD COMPREPLY COMP_CWORD COMP_KEY COMP_LINE COMP_POINT COMP_TYPE',
    'COMP_WORDBREAKS COMP_WORDS DIRSTACK ENV EPOCHREALTIME EPOCHSECONDS EUID FUNCNAME FUNCNEST GROUPS HISTCMD HISTCONTROL',
    'HISTFILE HISTFILESIZE HISTIGNORE HISTSIZE HISTTIMEFORMAT IFS LINENO OLDPWD OPTARG OPTERR OPTIND PIPESTATUS',
    'POSIXLY_CORRECT PPID PS4 RANDOM SECONDS SHELLOPTS SHLVL SRANDOM TMOUT UID',
  ].flatMap((line) => line.split(' ')),
)

/**
 * Splits an environment. Exported values stay out of every argument list, which other users of the machine could read; only names
 * that are no shell identifiers, or mean something to a shell, go through `env`.
 */
export function shellEnvironment(env: Readonly<Record<string, string>>): ShellEnvironment {
  const names = Object.keys(env).sort()
  return {
    exports: names.filter(fitsShell).map((name) => `export ${name}=${shellQuote(env[name] ?? '')}`),
    words: names.filter((name) => !fitsShell(name)).map((name) => shellQuote(`${name}=${env[name] ?? ''}`)),
  }
}

/** Whether a shell can hand such a variable on; the value of any other stands for a moment in a list of arguments. */
export function fitsShell(name: string): boolean {
  return identifier.test(name) && !shellsOwn.has(name)
}
