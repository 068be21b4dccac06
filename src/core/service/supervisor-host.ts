import type {Clock} from '../base/clock.js'
import type {Log} from '../base/log.js'
import type {Executor} from '../contract/executor.js'
import type {Layer} from '../contract/layer.js'
import type {Probe} from '../contract/probe.js'
import type {ServiceSetup} from '../contract/service-type.js'
import type {Endpoint, WorkloadHandle} from '../contract/workload.js'
import type {Mask} from '../health/probe.js'
import type {Store} from '../store/store.js'
import type {AnsweredCheck, EventRelay, HostExec} from './attempt-watch.js'
import type {CompleteService} from './defaults.js'
import type {ServiceMove} from './move.js'
import type {PrepareOptions, Surroundings} from './prepare.js'

/** What a supervisor needs of the world around it. */
export interface SupervisorHost {
  /** `directory`: where the relative paths of this service start. */
  readonly stack: {readonly id: string; readonly directory: string}
  readonly runsDirectory: string
  readonly clock: Clock
  readonly log: Log
  readonly store: Store
  /** Throws EXECUTOR_UNAVAILABLE when no plugin brings it. */
  readonly executor: (kind: string) => Executor
  /** `undefined` when no plugin brings it. */
  readonly layer: (kind: string) => Layer | undefined
  readonly callerEnv: (key: string | null) => Readonly<Record<string, string>>
  readonly fill: PrepareOptions['fill']
  readonly surroundings: () => Surroundings
  /** Addresses of a service of the stack that has been started at least once. */
  readonly endpointsOf: (service: string) => readonly Endpoint[] | undefined
  readonly fillProbe: (probe: Probe, own: readonly Endpoint[]) => Probe
  readonly hostExec: HostExec
  /** Takes secrets out of a text. @default leaves it */
  readonly mask?: Mask
  readonly onMove: (move: ServiceMove) => void
  /** Passes on what the type of the service makes of what its workload does. */
  readonly relay?: (handle: WorkloadHandle) => EventRelay | undefined
  /** Hears every answer of its checks. */
  readonly onAnswered?: (check: AnsweredCheck) => void
}

/** A service as it is supervised. */
export interface SupervisedService {
  readonly name: string
  readonly definition: CompleteService
  /** Addresses that its type brings, beside its ports. */
  readonly endpoints: readonly Endpoint[]
  /** One-time work that its type brings. */
  readonly setup?: ServiceSetup<unknown>
  /** The service of the file, and which of its replicas this is, from 1. */
  readonly group: string
  readonly replica: number
  /** Equal for equal definitions. */
  readonly hash: string
}
