import type {Clock} from '../base/clock.js'
import type {Log} from '../base/log.js'
import type {Executor} from '../contract/executor.js'
import type {Probe} from '../contract/probe.js'
import type {Endpoint} from '../contract/workload.js'
import type {Store} from '../store/store.js'
import type {HostExec} from './attempt-watch.js'
import type {CompleteService} from './defaults.js'
import type {ServiceMove} from './move.js'
import type {PrepareOptions} from './prepare.js'

/** What a supervisor needs of the world around it. */
export interface SupervisorHost {
  readonly stack: {readonly id: string; readonly directory: string}
  readonly runsDirectory: string
  readonly clock: Clock
  readonly log: Log
  readonly store: Store
  /** Throws EXECUTOR_UNAVAILABLE when no plugin brings it. */
  readonly executor: (kind: string) => Executor
  readonly callerEnv: (key: string | null) => Readonly<Record<string, string>>
  readonly fill: PrepareOptions['fill']
  readonly fillProbe: (probe: Probe, own: readonly Endpoint[]) => Probe
  readonly hostExec: HostExec
  readonly onMove: (move: ServiceMove) => void
}

/** A service as it is supervised. */
export interface SupervisedService {
  readonly name: string
  readonly definition: CompleteService
  /** Addresses that its type brings, beside its ports. */
  readonly endpoints: readonly Endpoint[]
  /** Equal for equal definitions. */
  readonly hash: string
}
