import type {Executor} from '../contract/executor.js'
import type {Layer} from '../contract/layer.js'
import type {ServiceType} from '../contract/service-type.js'
import type {TaskType} from '../contract/task-type.js'
import type {PluginSource} from './plugin-source.js'

/** What one plugin brought, checked, with its executors made. */
export interface CollectedPlugin {
  readonly source: PluginSource
  /** The name that it gives itself; `requires` takes this one and the package's. */
  readonly name: string
  readonly requires: readonly string[]
  readonly executors: readonly Executor[]
  readonly layers: readonly Layer[]
  readonly serviceTypes: readonly ServiceType[]
  readonly taskTypes: readonly TaskType[]
}
