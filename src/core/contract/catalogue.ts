import type {Executor} from './executor.js'
import type {ServiceType} from './service-type.js'
import type {TaskType} from './task-type.js'

/** Every type that the loaded plugins bring, sealed. Made by the plugin host. */
export interface Catalogue {
  executor(kind: string): Executor | undefined
  serviceType(type: string): ServiceType | undefined
  taskType(type: string): TaskType | undefined
  /** Names of each sort, sorted, for "expected one of". */
  readonly names: {
    readonly executors: readonly string[]
    readonly serviceTypes: readonly string[]
    readonly taskTypes: readonly string[]
  }
  readonly plugins: readonly LoadedPlugin[]
  /** User plugins that were skipped, each with its reason. */
  readonly problems: readonly PluginProblem[]
}

export type PluginKind = 'core' | 'link' | 'user'

export interface LoadedPlugin {
  readonly name: string
  readonly version: string
  readonly kind: PluginKind
}

export interface PluginProblem extends LoadedPlugin {
  /** A code of the error table. */
  readonly code: string
  readonly message: string
  readonly hint: string
}
