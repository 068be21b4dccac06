import {homedir} from 'node:os'
import path from 'node:path'

/** `$HARNESS_STATE_DIR`, else `$XDG_STATE_HOME/harness`, else `~/.local/state/harness`. Always absolute. */
export function stateDirectory(env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (env['HARNESS_STATE_DIR']) return path.resolve(env['HARNESS_STATE_DIR'])
  if (env['XDG_STATE_HOME']) return path.resolve(env['XDG_STATE_HOME'], 'harness')
  return path.join(homedir(), '.local', 'state', 'harness')
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
