import {setImmediate as nextTurn} from 'node:timers/promises'
import {cookieName, sessionCookieName} from './cookie.js'
import {isDead} from './identity.js'
import {listPids, readStat, readVariable, type ProcessStat} from './platform.js'

/** All live processes of one moment. */
export interface ProcessTable {
  readonly processes: ReadonlyMap<number, ProcessStat>
  /** The cookie of a process; read at the first question. */
  instanceOf(pid: number): string | undefined
  /** The same for the cookie of a session. */
  sessionOf(pid: number): string | undefined
}

export interface ProcessScanner {
  /** A table that is not older than this call. Everyone who asks at the same time shares one. */
  scan(): Promise<ProcessTable>
}

/** Reads `/proc` once for all who ask together, in slices that leave the event loop free. */
export function createScanner(): ProcessScanner {
  let queued: Promise<ProcessTable> | undefined
  let running: Promise<unknown> = Promise.resolve()
  return {
    scan() {
      queued ??= running.then(() => {
        queued = undefined
        const table = readTable()
        running = table.catch(() => undefined)
        return table
      })
      return queued
    },
  }
}

const sliceSize = 128

async function readTable(): Promise<ProcessTable> {
  const processes = new Map<number, ProcessStat>()
  let left = sliceSize
  for (const pid of listPids()) {
    left -= 1
    if (left === 0) {
      await nextTurn()
      left = sliceSize
    }
    const stat = readStat(pid)
    if (stat && !isDead(stat)) processes.set(pid, stat)
  }
  return {processes, instanceOf: variableOnce(cookieName), sessionOf: variableOnce(sessionCookieName)}
}

function variableOnce(name: string): (pid: number) => string | undefined {
  const known = new Map<number, string | undefined>()
  return (pid) => {
    if (!known.has(pid)) known.set(pid, readVariable(pid, name))
    return known.get(pid)
  }
}
