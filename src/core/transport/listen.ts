import {chmod, lstat, rm} from 'node:fs/promises'
import type {Server} from 'node:net'
import path from 'node:path'
import {HarnessError, messageOf, systemCode} from '../base/errors.js'
import {ensurePrivateDirectory} from '../base/private-files.js'

export interface TcpAddress {
  readonly host: string
  readonly port: number
  /** `true`: this port or an error. `false`: a free one when it is busy. */
  readonly exact: boolean
}

/** In bytes. Longer ones are cut off silently by Node 20. */
export const longestSocketPath = 107

/** Listens at a unix socket that only this user can open. The caller owns the state directory, so a socket that is there already is dead. */
export async function listenUnix(server: Server, socketPath: string): Promise<void> {
  const length = Buffer.byteLength(socketPath)
  if (length > longestSocketPath) {
    throw new HarnessError('DAEMON_LISTEN_FAILED', {
      subject: socketPath,
      reason: `the path of a unix socket may have ${longestSocketPath} bytes, this one has ${length}`,
      hint: 'Choose a shorter state directory with HARNESS_STATE_DIR.',
    })
  }
  await ensurePrivateDirectory(path.dirname(socketPath))
  await removeDeadSocket(socketPath)
  try {
    await listeningPrivately(server, socketPath)
  } catch (error) {
    throw new HarnessError('DAEMON_LISTEN_FAILED', {subject: socketPath, reason: messageOf(error), cause: error})
  }
  await chmod(socketPath, 0o600)
}

/** Listens at a TCP port and answers which one it is. */
export async function listenTcp(server: Server, {host, port, exact}: TcpAddress): Promise<number> {
  try {
    return await listening(server, {host, port, exclusive: true})
  } catch (error) {
    if (exact || systemCode(error) !== 'EADDRINUSE') throw listenFailed(host, port, error)
  }
  try {
    return await listening(server, {host, port: 0, exclusive: true})
  } catch (error) {
    throw listenFailed(host, 0, error)
  }
}

function listenFailed(host: string, port: number, error: unknown): HarnessError {
  const busy = systemCode(error) === 'EADDRINUSE'
  return new HarnessError('DAEMON_LISTEN_FAILED', {
    subject: `${host}:${port}`,
    reason: busy ? `port ${port} is in use by another program` : messageOf(error),
    hint: busy
      ? `Run \`ss -ltnp 'sport = :${port}'\` to see its owner, and choose another port or leave it out to have a free one.`
      : 'Choose another address.',
    cause: error,
  })
}

async function removeDeadSocket(socketPath: string): Promise<void> {
  const found = await lstat(socketPath).catch(() => undefined)
  if (found === undefined) return
  if (!found.isSocket()) {
    throw new HarnessError('DAEMON_LISTEN_FAILED', {
      subject: socketPath,
      reason: 'something that is not a socket lies there',
      hint: `Look at it, and remove it with: rm '${socketPath}'`,
    })
  }
  await rm(socketPath, {force: true})
}

/** The socket is made while `listen` is called. The umask takes nothing from what others make for this user alone meanwhile. */
function listeningPrivately(server: Server, socketPath: string): Promise<number> {
  const umask = process.umask(0o077)
  try {
    return listening(server, {path: socketPath})
  } finally {
    process.umask(umask)
  }
}

function listening(server: Server, where: object): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}
