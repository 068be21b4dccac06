import type {ServiceState} from '../contract/service-state.js'
import type {LifecycleEvent} from './lifecycle.js'
import type {ServiceRecord} from './record.js'

/** One step of a service's life, published once it is on disk. */
export interface ServiceMove {
  readonly service: string
  readonly from: ServiceState
  readonly to: ServiceState
  readonly event: LifecycleEvent
  readonly record: ServiceRecord
}
