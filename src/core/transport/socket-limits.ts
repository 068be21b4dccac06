import {readFileSync} from 'node:fs'
import {limits} from '../protocol/messages.js'

/** How many sockets the daemon keeps open for others. */
export interface SocketLimits {
  /** Clients that were let in. */
  readonly clients: number
  /** Those who have not shown a token yet. */
  readonly waiting: number
}

const mostWaiting = 1024

/**
 * As many as the protocol allows, but no more than half of the files that this process may have open: the other half is for the services, their
 * checks and the state.
 */
export function socketLimits(openFiles: number = mostOpenFiles()): SocketLimits {
  const share = Math.max(1, Math.floor(openFiles / 4))
  return {clients: Math.min(limits.connections, share), waiting: Math.min(mostWaiting, share)}
}

/** Infinity where the kernel does not say. */
function mostOpenFiles(): number {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    return soft === undefined ? Infinity : Number(soft)
  } catch {
    return Infinity
  }
}
