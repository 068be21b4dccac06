import type {LogSpool, PluginServices} from '@service-harness/cli/plugin'
import type {RunState} from './state.js'

type Work = (spool: LogSpool, signal: AbortSignal) => Promise<void>

/** Somebody who writes to the spool of a run directory, or would. */
interface Writer {
  /** Ends its stint: somebody else has come. */
  stop: AbortController
  /** Resolves when it does not write any more. */
  idle: Promise<void>
  wake: () => void
}

/** By run directory, the one that writes last. A later one takes over (the handle of a daemon that has been closed and not let go of yet). */
const writers = new Map<string, Writer[]>()

export function openSpool({runDirectory, logs}: RunState, services: PluginServices): LogSpool {
  return services.openSpool({directory: runDirectory, logs: {capture: 'file', ...logs}})
}

/**
 * Writes to the spool of an attempt until the work is done or the signal aborts. It has one writer at a time: who comes later takes over, and who
 * was there before goes on once that one has left.
 */
export async function writeSpool(
  state: RunState,
  services: PluginServices,
  signal: AbortSignal,
  work: Work,
): Promise<void> {
  const {runDirectory} = state
  const all = writers.get(runDirectory) ?? []
  writers.set(runDirectory, all)
  const before = all.at(-1)
  const me: Writer = {stop: new AbortController(), idle: Promise.resolve(), wake: () => undefined}
  all.push(me)
  const end = (): void => {
    me.stop.abort()
    me.wake()
  }
  signal.addEventListener('abort', end, {once: true})
  before?.stop.abort()
  try {
    await before?.idle
    while (!signal.aborted) {
      if (all.at(-1) !== me) await woken(me)
      else if (await stint(me, state, {services, work})) return
    }
  } finally {
    signal.removeEventListener('abort', end)
    all.splice(all.indexOf(me), 1)
    if (all.length === 0) writers.delete(runDirectory)
    all.at(-1)?.wake()
  }
}

function woken(writer: Writer): Promise<void> {
  return new Promise((resolve) => {
    writer.wake = resolve
  })
}

/** Answers whether its work is done. */
async function stint(
  me: Writer,
  state: RunState,
  {services, work}: {readonly services: PluginServices; readonly work: Work},
): Promise<boolean> {
  me.stop = new AbortController()
  const {signal} = me.stop
  const spool = openSpool(state, services)
  const working = work(spool, signal).finally(() => {
    spool.close()
  })
  me.idle = working.catch(() => undefined)
  await working
  return !signal.aborted
}
