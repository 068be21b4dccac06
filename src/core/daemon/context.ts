import type {Clock} from '../base/clock.js'
import type {Log} from '../base/log.js'
import type {ThreadOrder} from '../config/thread/reader.js'
import type {Catalogue, PluginChange} from '../contract/catalogue.js'
import type {StackDefinition} from '../contract/stack.js'
import type {DaemonInfo, StateProblem} from '../protocol/methods.js'
import type {Stacks} from '../stack/stacks.js'
import type {DaemonMetrics} from './metrics/daemon-metrics.js'
import type {EventHub} from './event-hub.js'
import type {Once} from './once.js'
import type {DaemonTraces} from './traces/daemon-traces.js'

/** What a daemon knows of itself without looking. */
export type DaemonFacts = Omit<DaemonInfo, 'pluginChanges'>

/** What the methods of the protocol work on. */
export interface DaemonContext {
  readonly version: string
  /** Changes with every start of a daemon: event numbers count within it. */
  readonly epoch: string
  readonly clock: Clock
  readonly log: Log
  readonly catalogue: Catalogue
  readonly stacks: Stacks
  readonly runsDirectory: string
  readonly events: EventHub
  readonly once: Once
  readonly metrics: DaemonMetrics
  readonly traces: DaemonTraces
  /** Beside all other work. CONFIG_NOT_FOUND, CONFIG_INVALID. */
  readonly readStackFile: (order: ThreadOrder) => Promise<StackDefinition>
  /** Resolves once it is written down where the daemon listens. Nobody is greeted before. */
  readonly announced: Promise<void>
  readonly info: () => DaemonFacts
  /** How the plugins that are installed now differ from those it has loaded. */
  readonly pluginChanges: () => Promise<readonly PluginChange[]>
  readonly stateProblem: () => StateProblem | null
  /** Ends the daemon soon, after the answer has gone out. */
  readonly shutdown: (how: {readonly stopServices?: boolean | undefined}) => void
}
