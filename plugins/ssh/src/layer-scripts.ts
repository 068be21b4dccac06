import type {CommandSpec, PluginServices} from '@service-harness/cli/plugin'

/**
 * The command line for the other side: words that every shell reads alike, whatever the user has there. `dd` takes exactly the bytes of the script, one by
 * one, and leaves what follows to the command.
 */
export function readsScript(script: string): string {
  return `exec sh -c 'eval "$(dd bs=1 count=${Buffer.byteLength(script)} 2>/dev/null)"'`
}

interface Remote {
  readonly shell: PluginServices['shell']
  readonly graceMs: number
}

/**
 * What runs the command there. It stands in braces: one that arrives cut off is no script, and nothing of it is done. The program is a child in the
 * foreground of this shell, which `sshd` has made the leader of a session, and so of the process group that is ended with the program. Only a
 * subshell has the variables: a PATH of the program is not for this script.
 */
export function remoteScript(command: CommandSpec, {shell, graceMs}: Remote): string {
  const {program, args, env, cwd} = command
  const {exports, words} = shell.environment(env)
  const called = [program, ...args].map((word) => shell.quote(word))
  const run = [
    ...(cwd === undefined ? [] : [`cd ${shell.quote(cwd)} || exit 126`]),
    ...exports,
    `exec ${[...(words.length > 0 ? ['/usr/bin/env', ...words] : []), ...called].join(' ')}`,
  ].join('\n')
  const to = command.stdin === undefined && command.lead === undefined ? 'input' : 'parent'
  return ['{', shell.tied(run, {graceMs, to}), '}', ''].join('\n')
}
