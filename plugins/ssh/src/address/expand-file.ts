import {homedir} from 'node:os'
import path from 'node:path'

/** What the letters after `%` stand for. */
export type Tokens = Readonly<Record<string, string>>

/** `~`, `%h` and its like, and `${VARIABLE}`, as OpenSSH expands them. What is unknown stays as it is. */
export function expandFile(text: string, tokens: Tokens, env: Readonly<Record<string, string | undefined>>): string {
  return text
    .replace(/^~(?=\/|$)/, () => homedir())
    .replace(/%(.)|\$\{(\w+)\}/gs, (all, letter?: string, variable?: string) =>
      letter === undefined ? (env[variable ?? ''] ?? '') : (tokens[letter] ?? all),
    )
}

/** As people write it: with `~` for the home directory. */
export function tilde(file: string): string {
  const home = homedir()
  return file.startsWith(home + path.sep) ? `~${file.slice(home.length)}` : file
}
