import type {Clock} from '../base/clock.js'
import {messageOf} from '../base/errors.js'
import type {Json} from '../base/json.js'
import type {Log} from '../base/log.js'
import type {ServiceType} from '../contract/service-type.js'
import type {WorkloadHandle} from '../contract/workload.js'
import {ofWhom} from '../plugin/facade.js'
import type {EventRelay} from '../service/attempt-watch.js'
import {eventGate} from './fit-json.js'

interface Relay {
  /** For the log. */
  readonly service: string
  readonly type: ServiceType | undefined
  readonly handle: WorkloadHandle
  readonly emit: (event: Json) => void
  readonly clock: Clock
  readonly log: Log
}

/** What is printed last comes out of the log a moment after the end is known. */
const drainMs = 1000

/**
 * Passes on what a service type makes of the lines and the end of a workload, from now on. Events that do not fit the type's schema are dropped; a type
 * that throws is asked no more. `undefined` for a type that makes none.
 */
export function relayEvents({service, type, handle, emit, clock, log}: Relay): EventRelay | undefined {
  if (!type?.processEvent) return undefined
  const over = new AbortController()
  const gate = eventGate(type.event, (problem) => {
    log.warn('a service type makes what is not its event; such events are dropped', {
      service,
      type: type.type + ofWhom(type),
      problem,
    })
  })
  const relay = async (): Promise<void> => {
    for await (const happened of handle.events.subscribe({signal: over.signal, overflow: 'drop-oldest'})) {
      const made = type.processEvent?.(happened)
      const event = made === undefined ? undefined : gate(made)
      if (event !== undefined) emit(event)
      if (happened.kind === 'exited') return
    }
  }
  const relayed = relay().catch((error: unknown) => {
    if (over.signal.aborted) return
    log.warn('the events of a service are heard no more', {service, type: type.type, error: messageOf(error)})
  })
  let hasEnded = false
  handle.wait(over.signal).then(
    () => {
      hasEnded = true
    },
    () => undefined,
  )
  return {
    async finish() {
      await new Promise(setImmediate)
      if (hasEnded) await Promise.race([relayed, clock.sleep(drainMs, over.signal).catch(() => undefined)])
      over.abort()
    },
  }
}
