import type {Clock} from '../base/clock.js'
import type {Change, Store} from '../store/store.js'
import {historyKey, readHistory, withMove} from './history.js'
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

  /** `before` runs once the move is certain, and before anybody hears of it. `cause` is for the history alone. */
  async move(
    event: LifecycleEvent,
    fields: Partial<ServiceRecord> = {},
    {before, cause}: {readonly before?: () => void; readonly cause?: string | undefined} = {},
  ): Promise<void> {
    const {stack, service, store, clock, onMove} = this.options
    const from = this.current.state
    const to = next(service, from, event)
    const record = {...this.current, ...fields, state: to, since: clock.now()}
    const move: ServiceMove = {service, from, to, event, record}
    const history = withMove(readHistory(store, stack, service), move, cause)
    await this.commit(record, [{key: historyKey(stack, service), value: history}], before)
    onMove(move)
  }

  save(fields: Partial<ServiceRecord>): Promise<void> {
    return this.commit({...this.current, ...fields})
  }

  private async commit(record: ServiceRecord, beside: readonly Change[] = [], before?: () => void): Promise<void> {
    const {stack, service, store} = this.options
    await store.commit([{key: serviceKey(stack, service), value: toJson(record)}, ...beside])
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
