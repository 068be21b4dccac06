import {systemClock} from '../../core/base/clock.js'
import type {Client} from '../../core/client/client.js'
import type {ServiceStatus} from '../../core/contract/status.js'
import type {ResultOf} from '../../core/protocol/methods.js'
import type {DaemonEvent} from '../../core/protocol/notifications.js'
import {mayRun} from '../stop-begun.js'
import {exitFromEvent, type ExitTarget} from './service-exit.js'

/** What happens to services while a session goes on. */
export interface ServiceEvents extends Disposable {
  /** Resolves with the exit code that this service's end gives the command. Events count from the subscription on. */
  exitOf(target: ExitTarget): Promise<number>
  /** Resolves with the first of them that fails for good from the subscription on. */
  failureOf(stack: string, services: readonly string[]): Promise<ServiceStatus>
  /** Resolves when none of them runs, or will by itself. */
  allOver(stack: string, services: readonly string[]): Promise<readonly ServiceStatus[]>
}

/** For what happens without an event. */
const pollMs = 1000

/** Subscribes to the moves of services. */
export async function openServiceEvents(client: Client): Promise<ServiceEvents> {
  const targets = new Map<ExitTarget, (code: number) => void>()
  let wake = (): void => undefined
  const watches = new Set<(event: DaemonEvent) => void>()
  let last = 0
  const hear = (event: DaemonEvent): void => {
    last = event.seq
    wake()
    for (const watch of watches) watch(event)
    for (const [target, answer] of targets) {
      const code = exitFromEvent(event, target)
      if (code !== undefined) answer(code)
    }
  }
  const subscribe = {topics: ['service.state'], snapshot: false} as const
  const listening = client.onEvent(hear)
  const {epoch} = await client.call('events.subscribe', subscribe)
  const gaps = client.onGap(() => {
    const again = client.call('events.subscribe', {...subscribe, after: last, epoch})
    // With the connection lost, its end is what counts.
    again
      .then((answer) => {
        movesIn(answer).forEach(hear)
      })
      .catch(() => undefined)
  })
  const over = new AbortController()
  return {
    exitOf: (target) =>
      new Promise((resolve) => {
        targets.set(target, resolve)
      }),
    failureOf: (stack, services) =>
      new Promise((resolve) => {
        watches.add((event) => {
          if (failsOneOf(event, stack, services)) resolve(event.status)
        })
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
      gaps[Symbol.dispose]()
      over.abort()
    },
  }
}

/** What must have happened, where the daemon no longer has the events and says instead how everything is. */
function movesIn({seq, snapshot = []}: ResultOf<'events.subscribe'>): readonly DaemonEvent[] {
  return snapshot.flatMap(({stack, services}) =>
    services.map((status): ServiceMove => {
      const {name: service, state} = status
      const event = state === 'Failed' ? 'exitedFinal' : 'exitedDone'
      return {seq, time: '', topic: 'service.state', stack, service, from: state, to: state, event, status}
    }),
  )
}

type ServiceMove = Extract<DaemonEvent, {readonly topic: 'service.state'}>

/** Whether this event is the failure of one of these services. */
export function failsOneOf(event: DaemonEvent, stack: string, services: readonly string[]): event is ServiceMove {
  return (
    event.topic === 'service.state' &&
    event.to === 'Failed' &&
    event.stack === stack &&
    services.includes(event.service)
  )
}
