import {systemClock} from '../../core/base/clock.js'
import type {Client} from '../../core/client/client.js'
import type {ServiceStatus} from '../../core/contract/status.js'
import {mayRun} from '../stop-begun.js'
import {exitFromEvent, type ExitTarget} from './service-exit.js'

/** What happens to services while a session goes on. */
export interface ServiceEvents extends Disposable {
  /** Resolves with the exit code that this service's end gives the command. Events count from the subscription on. */
  exitOf(target: ExitTarget): Promise<number>
  /** Resolves when none of them runs, or will by itself. */
  allOver(stack: string, services: readonly string[]): Promise<readonly ServiceStatus[]>
}

/** For what happens without an event. */
const pollMs = 1000

/** Subscribes to the moves of services. */
export async function openServiceEvents(client: Client): Promise<ServiceEvents> {
  const targets = new Map<ExitTarget, (code: number) => void>()
  let wake = (): void => undefined
  const listening = client.onEvent((event) => {
    wake()
    for (const [target, answer] of targets) {
      const code = exitFromEvent(event, target)
      if (code !== undefined) answer(code)
    }
  })
  await client.call('events.subscribe', {topics: ['service.state'], snapshot: false})
  const over = new AbortController()
  return {
    exitOf: (target) =>
      new Promise((resolve) => {
        targets.set(target, resolve)
      }),
    async allOver(stack, services) {
      for (;;) {
        const moved = new Promise<void>((resolve) => {
          wake = resolve
        })
        // Without names it would mean all of the stack.
        const status = services.length === 0 ? [] : (await client.call('service.status', {stack, services})).services
        if (!status.some(mayRun)) return status
        await Promise.race([moved, systemClock.sleep(pollMs, over.signal)])
      }
    },
    [Symbol.dispose]() {
      listening[Symbol.dispose]()
      over.abort()
    },
  }
}
