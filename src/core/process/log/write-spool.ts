import type {LogSpool, SpoolOptions} from '../../contract/spool.js'

type OpenSpool = (options: SpoolOptions) => LogSpool
type Work = (spool: LogSpool, signal: AbortSignal) => Promise<void>

/** Somebody who writes to the spool of a run directory, or would. */
interface Writer {
  /** Ends its stint: somebody else has come. */
  stop: AbortController
  /** Resolves when it does not write any more. */
  idle: Promise<void>
  wake: () => void
}

/** How `PluginServices.writeSpool` is done. It remembers, by run directory, who writes last: a later one takes over (the handle of a daemon that has been closed and not let go of yet). */
export function spoolWriter(
  open: OpenSpool,
): (options: SpoolOptions, work: Work, signal: AbortSignal) => Promise<void> {
  const writers = new Map<string, Writer[]>()
  return async (options, work, signal) => {
    const {directory} = options
    const all = writers.get(directory) ?? []
    writers.set(directory, all)
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
        else if (await stint(me, open(options), work)) return
      }
    } finally {
      signal.removeEventListener('abort', end)
      all.splice(all.indexOf(me), 1)
      if (all.length === 0) writers.delete(directory)
      all.at(-1)?.wake()
    }
  }
}

function woken(writer: Writer): Promise<void> {
  return new Promise((resolve) => {
    writer.wake = resolve
  })
}

/** Answers whether its work is done. */
async function stint(me: Writer, spool: LogSpool, work: Work): Promise<boolean> {
  me.stop = new AbortController()
  const {signal} = me.stop
  const working = work(spool, signal).finally(() => {
    spool.close()
  })
  me.idle = working.catch(() => undefined)
  await working
  return !signal.aborted
}
