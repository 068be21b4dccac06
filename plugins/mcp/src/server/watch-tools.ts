import {setTimeout as sleep} from 'node:timers/promises'
import type {ClientWish, LentClient} from '@service-harness/cli/plugin'
import type {Toolbox} from '../tools/toolbox.js'

export interface WatchOptions {
  readonly ask: (wish: ClientWish) => Promise<LentClient>
  readonly toolbox: Toolbox
  readonly signal: AbortSignal
  /** There are other tools than the agent was told of. */
  readonly onChange: () => Promise<void>
}

const pauseMs = 2000
const topics = ['stack.loaded', 'stack.forgotten', 'service.registered', 'service.unregistered'] as const

/**
 * Tells when there are other tools than before, until the signal aborts. A daemon that somebody has stopped is waited for and not started: only
 * a tool that is used does that.
 */
export async function watchTools(options: WatchOptions): Promise<void> {
  const {signal} = options
  while (!signal.aborted) {
    await watchOnce(options).catch((error: unknown) => {
      if (!isAway(error)) process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    })
    await sleep(pauseMs, undefined, {signal}).catch(() => undefined)
  }
}

async function watchOnce({ask, toolbox, signal, onChange}: WatchOptions): Promise<void> {
  await using lent = await ask({start: false, quiet: true})
  const look = coalesced(async () => {
    if (await toolbox.hasChanged(lent.client)) await onChange()
  })
  for await (const _item of lent.client.events({topics, snapshot: true, signal})) look()
}

/** Work that is asked for while it is under way is done once more afterwards: a stack of many services is one change. */
function coalesced(work: () => Promise<void>): () => void {
  let isWanted = false
  let isRunning = false
  const run = async (): Promise<void> => {
    isRunning = true
    while (isWanted) {
      isWanted = false
      // What cannot be asked now has changed when the daemon is back: a snapshot comes then.
      await work().catch(() => undefined)
    }
    isRunning = false
  }
  return () => {
    isWanted = true
    if (!isRunning) void run()
  }
}

function isAway(error: unknown): boolean {
  const {code} = error as {readonly code?: unknown}
  return code === 'DAEMON_UNREACHABLE' || code === 'CONNECTION_LOST'
}
