import {readFile} from 'node:fs/promises'
import type {DaemonInfoFile} from '../../../src/core/client/info-file.js'
import {statePaths} from '../../../src/core/base/state-directory.js'
import type {Target} from '../../core/transport/raw-upgrade.js'
import type {Sandbox} from '../../support/harness.js'

/** The daemon of a sandbox, as `harness daemon start` starts it. */
export interface RealDaemon extends Target {
  readonly pid: number
  readonly url: URL
  readonly fingerprint: string
  /** Everything it has logged. */
  log(): Promise<string>
}

export async function startRealDaemon(sandbox: Sandbox): Promise<RealDaemon> {
  const started = await sandbox.run('daemon', 'start')
  if (started.code !== 0) throw new Error(started.stderr)
  return findRealDaemon(sandbox)
}

/** The one that runs already. */
export async function findRealDaemon(sandbox: Sandbox): Promise<RealDaemon> {
  const paths = statePaths(sandbox.state)
  const info = JSON.parse(await readFile(paths.info, 'utf8')) as DaemonInfoFile
  const url = new URL(info.url ?? '')
  return {
    pid: info.pid,
    url,
    port: Number(url.port),
    fingerprint: info.fingerprint,
    server: {socketPath: info.socket},
    identity: {token: (await readFile(paths.token, 'utf8')).trim()},
    log: () => readFile(paths.log, 'utf8'),
  }
}
