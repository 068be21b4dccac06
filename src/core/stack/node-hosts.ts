import {HarnessError} from '../base/errors.js'
import type {Json, JsonObject} from '../base/json.js'
import type {StackDefinition} from '../contract/stack.js'
import type {Endpoint, WorkloadHandle} from '../contract/workload.js'
import {here} from '../registry/address-for.js'
import type {EventRelay} from '../service/attempt-watch.js'
import type {SupervisorHost} from '../service/supervisor-host.js'
import {callerEnv, secretIn} from './caller-env.js'
import type {Parties} from './parties.js'
import {fillProbe, fillReferences} from './references.js'
import {relayEvents} from './relay-events.js'
import type {StackOptions} from './stack-options.js'
import type {TaskHost} from './task-host.js'

interface Wiring extends Omit<StackOptions, 'saved'> {
  readonly definition: () => StackDefinition
  /** The service of the file that it is a replica of. */
  readonly groupOf: (name: string) => string
  readonly serviceOutputs: (service: string) => Readonly<Record<string, string>> | undefined
  readonly parties: Parties
  readonly outputs: (task: string) => Json | undefined
  readonly nextRunAt: (task: string) => number | null
  /** What the caller gave with the last start of a service or task, by the key in the store. */
  readonly givenTo: (kind: 'service' | 'task', name: string) => string | null
}

/** What each service and task of a stack sees of the rest of it. */
export function nodeHosts(wiring: Wiring): {
  readonly service: (name: string) => SupervisorHost
  readonly task: (name: string) => TaskHost
} {
  const {catalogue, store, clock, log, runsDirectory, hostExec, parties} = wiring
  const executor: SupervisorHost['executor'] = (kind) =>
    found(catalogue.executor(kind), kind, catalogue.names.executors)
  const common = (kind: 'service' | 'task', name: string): Omit<SupervisorHost, 'onMove'> => {
    const fillFor =
      (where: 'host' | 'service') =>
      <T extends JsonObject>(template: T, own: readonly Endpoint[]): T => {
        const self = parties.of(kind, name)
        const asker = where === 'host' ? here : self
        return fillReferences(
          template,
          {
            ...wiring,
            definition: wiring.definition(),
            endpoints: (service) => parties.endpointsFor(asker, service),
            secret: (secret) => secretIn(callerEnv(store, wiring.givenTo(kind, name)), secret),
          },
          {name, group: wiring.groupOf(name), endpoints: parties.seen(asker, self, own)},
        )
      }
    const stack = {
      id: wiring.id,
      get directory(): string {
        const {directory, services, tasks} = wiring.definition()
        return (kind === 'service' ? services : tasks)[name]?.directory ?? directory
      },
    }
    return {
      stack,
      ...{runsDirectory, clock, log, store, executor},
      layer: (kind) => catalogue.layer(kind),
      endpointsOf: (service) => parties.endpointsFor(here, service),
      callerEnv: (key) => callerEnv(store, key),
      fill: fillFor('service'),
      surroundings: () => parties.surroundings(kind, name),
      fillProbe: (probe, own) => fillProbe(probe, (template, where) => fillFor(where)(template, own)),
      hostExec: (command, signal) => hostExec({cwd: stack.directory, ...command}, signal),
    }
  }
  return {
    service: (name) => ({
      ...common('service', name),
      onMove: wiring.onServiceMove,
      relay: (handle) => relayServiceEvents(wiring, name, handle),
      ...given(wiring),
    }),
    task: (name) => ({
      ...common('task', name),
      taskType: (type) => found(catalogue.taskType(type), type, catalogue.names.taskTypes),
      onMove: wiring.onTaskMove,
      onEvent: wiring.onTaskEvent,
      nextRunAt: wiring.nextRunAt,
    }),
  }
}

function given({mask, onAnswered}: Wiring): Pick<SupervisorHost, 'mask' | 'onAnswered'> {
  return {...(mask && {mask}), ...(onAnswered && {onAnswered})}
}

function relayServiceEvents(wiring: Wiring, service: string, handle: WorkloadHandle): EventRelay | undefined {
  const {id, catalogue, clock, log, onEvent, definition, groupOf} = wiring
  const {serviceType} = definition().services[groupOf(service)] ?? {}
  const type = serviceType === undefined ? undefined : catalogue.serviceType(serviceType)
  const emit = (event: Json): void => {
    onEvent({topic: 'service.event', stack: id, service, event})
  }
  return relayEvents({service, type, handle, emit, clock, log})
}

function found<T>(thing: T | undefined, name: string, known: readonly string[]): T {
  if (thing !== undefined) return thing
  const reason = `no loaded plugin brings it; there are ${known.join(', ') || 'none'}`
  throw new HarnessError('EXECUTOR_UNAVAILABLE', {
    subject: name,
    reason,
    hint: 'Install its plugin with `harness plugins install`, then run `harness daemon restart`.',
  })
}
