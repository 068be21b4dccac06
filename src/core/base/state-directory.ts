import {homedir} from 'node:os'
import path from 'node:path'
import {refuseLineBreak} from './state-problem.js'

/**
 * `$HARNESS_STATE_DIR`, else `$XDG_STATE_HOME/harness`, else `~/.local/state/harness`. Always absolute. STATE_UNSAFE for a path with a line
 * break in it.
 */
export function stateDirectory(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const [from, directory] = chosenBy(env)
  refuseLineBreak(directory, from)
  return directory
}

function chosenBy(env: Readonly<Record<string, string | undefined>>): readonly [variable: string, directory: string] {
  if (env['HARNESS_STATE_DIR']) return ['HARNESS_STATE_DIR', path.resolve(env['HARNESS_STATE_DIR'])]
  if (env['XDG_STATE_HOME']) return ['XDG_STATE_HOME', path.resolve(env['XDG_STATE_HOME'], 'harness')]
  return ['HOME', path.join(homedir(), '.local', 'state', 'harness')]
}

/** Where everything of one daemon lies inside its state directory. */
export function statePaths(directory: string) {
  return {
    directory,
    lock: path.join(directory, 'daemon.lock'),
    info: path.join(directory, 'daemon.json'),
    log: path.join(directory, 'daemon.log'),
    socket: path.join(directory, 'daemon.sock'),
    token: path.join(directory, 'token'),
    certificate: path.join(directory, 'tls-cert.pem'),
    key: path.join(directory, 'tls-key.pem'),
    store: path.join(directory, 'store'),
    runs: path.join(directory, 'runs'),
    plugins: path.join(directory, 'plugins'),
    /** There when the directory is to go with its daemon. */
    temporary: path.join(directory, 'temporary'),
    remotes: path.join(directory, 'remotes'),
  } as const
}
