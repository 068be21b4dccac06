import type {Clock} from '../base/clock.js'
import type {Store} from '../store/store.js'
import {next, type LifecycleEvent} from './lifecycle.js'
import type {ServiceMove} from './move.js'
import {serviceKey, toJson, type ServiceRecord} from './record.js'

export interface RecordKeeperOptions {
  readonly stack: string
  readonly service: string
  readonly record: ServiceRecord
  readonly store: Store
  readonly clock: Clock
  readonly onMove: (move: ServiceMove) => void
}

/** Holds a service's record. Every change is on disk before anybody can see it, and every move is one of the lifecycle table. */
export class RecordKeeper {
  private readonly listeners = new Set<() => void>()
  private current: ServiceRecord

  constructor(private readonly options: RecordKeeperOptions) {
    this.current = options.record
  }

  get record(): ServiceRecord {
    return this.current
  }

  /** `before` runs once the move is certain, and before anybody hears of it. */
  async move(event: LifecycleEvent, fields: Partial<ServiceRecord> = {}, before?: () => void): Promise<void> {
    const {service, clock, onMove} = this.options
    const from = this.current.state
    const to = next(service, from, event)
    await this.save({...fields, state: to, since: clock.now()}, before)
    onMove({service, from, to, event, record: this.current})
  }

  async save(fields: Partial<ServiceRecord>, before?: () => void): Promise<void> {
    const record = {...this.current, ...fields}
    const key = serviceKey(this.options.stack, this.options.service)
    await this.options.store.commit([{key, value: toJson(record)}])
    this.current = record
    before?.()
    this.notify()
  }

  /** Tells listeners that something beside the record changed. */
  notify(): void {
    for (const listener of this.listeners) listener()
  }

  onChange(listener: () => void): Disposable {
    this.listeners.add(listener)
    return {
      [Symbol.dispose]: () => {
        this.listeners.delete(listener)
      },
    }
  }
}
