import {readFile} from 'node:fs/promises'
import path from 'node:path'
import type {DaemonInfoFile} from '../../src/core/client/info-file.js'
import {statePaths} from '../../src/core/base/state-directory.js'
import type {Sandbox} from './harness.js'

/** The daemon of a sandbox, as `harness daemon start` starts it. */
export interface RealDaemon {
  readonly pid: number
  readonly token: string
  readonly url: URL
  readonly socket: string
  readonly fingerprint: string
  /** Everything it has logged. */
  log(): Promise<string>
}

export async function startRealDaemon(sandbox: Sandbox): Promise<RealDaemon> {
  const started = await sandbox.run('daemon', 'start')
  if (started.code !== 0) throw new Error(started.stderr)
  const paths = statePaths(sandbox.state)
  const info = JSON.parse(await readFile(paths.info, 'utf8')) as DaemonInfoFile
  return {
    pid: info.pid,
    token: (await readFile(paths.token, 'utf8')).trim(),
    url: new URL(info.url ?? ''),
    socket: info.socket,
    fingerprint: info.fingerprint,
    log: () => readFile(path.join(sandbox.state, 'daemon.log'), 'utf8'),
  }
}
