import {readFile, unlink} from 'node:fs/promises'
import {systemCode} from '../base/errors.js'
import {isJsonObject, type Json} from '../base/json.js'
import {replacePrivateFile} from '../base/private-files.js'
import {statePaths} from '../base/state-directory.js'
import {stateProblem} from '../base/state-problem.js'

/** What a daemon writes into its state directory (daemon.json, 0600) once it answers, so that clients find it. Holds no secret. */
export interface DaemonInfoFile {
  readonly pid: number
  /** With the pid, the identity of the process: clock ticks between boot and its start. */
  readonly startTick?: number
  readonly epoch: string
  readonly version: string
  readonly protocolVersion: number
  /** Absolute path of the unix socket. */
  readonly socket: string
  /** `wss://host:port`; `null` when it listens only at the socket. */
  readonly url: string | null
  /** fingerprint256 of its certificate. */
  readonly fingerprint: string
  /** `SHA256:…` of its public key, which it keeps when the certificate is renewed. */
  readonly publicKey?: string
  /** ISO 8601. */
  readonly startedAt: string
}

/** `undefined` when there is none, or none that can be read and understood: a daemon may run all the same. */
export async function readDaemonInfo(stateDirectory: string): Promise<DaemonInfoFile | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(statePaths(stateDirectory).info, 'utf8'))
    return isDaemonInfo(value) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError || systemCode(error) !== undefined) return undefined
    throw error
  }
}

/** Replaces the file in one step. */
export async function writeDaemonInfo(stateDirectory: string, info: DaemonInfoFile): Promise<void> {
  const file = statePaths(stateDirectory).info
  await replacePrivateFile(file, `${JSON.stringify(info, null, 2)}\n`).catch((error: unknown) => {
    throw stateProblem(file, error)
  })
}

/** To be called by the daemon that wrote it, before it gives up the state directory. A directory in its place is somebody else's, and stays. */
export async function removeDaemonInfo(stateDirectory: string): Promise<void> {
  await unlink(statePaths(stateDirectory).info).catch((error: unknown) => {
    if (!['ENOENT', 'EISDIR', 'EPERM'].includes(systemCode(error) ?? '')) throw error
  })
}

const kinds: Readonly<Record<keyof DaemonInfoFile, (value: Json | undefined) => boolean>> = {
  pid: isNumber,
  startTick: (value) => value === undefined || isNumber(value),
  epoch: isText,
  version: isText,
  protocolVersion: isNumber,
  socket: isText,
  url: (value) => value === null || (typeof value === 'string' && URL.canParse(value)),
  fingerprint: isText,
  publicKey: (value) => value === undefined || isText(value),
  startedAt: isText,
}

function isDaemonInfo(value: unknown): value is DaemonInfoFile {
  return isJsonObject(value) && Object.entries(kinds).every(([key, fits]) => fits(value[key]))
}

function isText(value: Json | undefined): boolean {
  return typeof value === 'string'
}

function isNumber(value: Json | undefined): boolean {
  return typeof value === 'number'
}
