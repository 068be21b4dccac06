import {homedir} from 'node:os'
import path from 'node:path'
import {stackFileIn} from './stack-file-in.js'

/** Beside the one that other commands use: `~/.local/state/harness-graph`. In a shell that was set to it, it is the same one. */
export function ownStateDirectory(
  given: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (given !== undefined) return path.resolve(given)
  const usual =
    env['HARNESS_STATE_DIR'] || path.join(env['XDG_STATE_HOME'] || path.join(homedir(), '.local/state'), 'harness')
  const directory = path.resolve(usual)
  return directory.endsWith('-graph') ? directory : `${directory}-graph`
}

/** The stack file of a folder, or of the nearest one above it, that a daemon is to know. */
export async function stackFilesHere(folder: string): Promise<readonly string[]> {
  for (let directory = path.resolve(folder); ; directory = path.dirname(directory)) {
    const file = await stackFileIn(directory)
    if (file !== undefined) return [file]
    if (directory === path.dirname(directory)) return []
  }
}

interface DaemonFlags {
  readonly config: readonly string[]
  readonly env?: string | undefined
  readonly endpoint: string
  readonly 'allow-remote': boolean
  readonly 'stop-services-on-exit': boolean
}

/** What the host's own command is told. */
export function daemonArguments(flags: DaemonFlags): string[] {
  return [
    ...['--listen', flags.endpoint],
    ...flags.config.flatMap((file) => ['--config', file]),
    ...(flags.env === undefined ? [] : ['--env', flags.env]),
    ...(flags['allow-remote'] ? ['--allow-remote'] : []),
    ...(flags['stop-services-on-exit'] ? ['--stop-services-on-exit'] : []),
  ]
}
