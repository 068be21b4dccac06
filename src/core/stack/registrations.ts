import {isoTime} from '../base/clock.js'
import {shortHash} from '../base/ids.js'
import type {RegisteredAttempt, RegisteredService} from '../contract/registry.js'
import type {StackDefinition} from '../contract/stack.js'
import type {EventBody} from '../protocol/notifications.js'
import {registeredService, signature} from '../registry/entries.js'
import type {ServiceRecord} from '../service/record.js'
import type {ServiceSupervisor} from '../service/supervisor.js'

interface OfStack {
  readonly id: string
  readonly definition: Pick<StackDefinition, 'file' | 'name'>
}

/** The registry's entry of a service, as it is at this moment. */
export function entryOf({id, definition}: OfStack, service: ServiceSupervisor): RegisteredService {
  const {target, serviceType, network} = service.definition
  return registeredService({
    stack: {id, name: definition.name, file: definition.file},
    ...service.place,
    target: target.type,
    serviceType,
    network,
    status: service.status(),
    attempts: attemptsOf(service.record),
    check: service.check(),
  })
}

function attemptsOf({earlier, current}: ServiceRecord): readonly RegisteredAttempt[] {
  const all = current ? [...earlier, current] : earlier
  return all.map(({attempt, instance, saved, startedAt}) => ({
    ...{attempt, instance, executor: saved.executor, startedAt: isoTime(startedAt)},
    current: attempt === current?.attempt,
  }))
}

export interface RegistrationsOptions {
  readonly stack: () => OfStack
  readonly services: () => readonly ServiceSupervisor[]
  readonly service: (name: string) => ServiceSupervisor | undefined
  readonly onEvent: (event: EventBody) => void
}

/** Tells of the services of a stack that come, change and go. Whoever hears all of it knows what the registry would answer. */
export class Registrations {
  /** What was told last of each service. */
  private readonly told = new Map<string, string>()

  constructor(private readonly options: RegistrationsOptions) {}

  /** Something about this service may have changed. */
  changed(service: ServiceSupervisor): void {
    if (this.options.service(service.name) !== service) return
    const entry = entryOf(this.options.stack(), service)
    const now = shortHash(signature(entry))
    const before = this.told.get(service.name)
    if (before === now) return
    this.told.set(service.name, now)
    const {stack} = entry
    const topic = before === undefined ? 'service.registered' : 'service.updated'
    this.options.onEvent({topic, stack, service: service.name, entry})
  }

  /** Tells of each that it is known no more. */
  end(): void {
    this.forgetAllBut(new Set())
  }

  /** There may be services more, or less, than before. */
  allChanged(): void {
    const services = this.options.services()
    this.forgetAllBut(new Set(services.map(({name}) => name)))
    for (const service of services) this.changed(service)
  }

  private forgetAllBut(names: ReadonlySet<string>): void {
    const {id: stack} = this.options.stack()
    for (const name of [...this.told.keys()]) {
      if (names.has(name)) continue
      this.told.delete(name)
      this.options.onEvent({topic: 'service.unregistered', stack, service: name})
    }
  }
}
