import type {JsonSchema} from '../base/json.js'
import type {ActionDescription} from './action.js'
import type {Executor, ExecutorCapabilities} from './executor.js'
import type {Layer} from './layer.js'
import type {ServiceType} from './service-type.js'
import type {TaskType} from './task-type.js'

/** Every type that the loaded plugins bring, sealed. Made by the plugin host. */
export interface Catalogue {
  executor(kind: string): Executor | undefined
  layer(kind: string): Layer | undefined
  serviceType(type: string): ServiceType | undefined
  taskType(type: string): TaskType | undefined
  /** Names of each sort, sorted, for "expected one of". */
  readonly names: {
    readonly executors: readonly string[]
    readonly layers: readonly string[]
    readonly serviceTypes: readonly string[]
    readonly taskTypes: readonly string[]
  }
  /** All of them with their schemas, by sort and then by name. */
  readonly types: readonly InstalledType[]
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

/** A plugin as it lies on the disk now. */
export interface InstalledPlugin extends LoadedPlugin {
  /** Of a linked one: another value once it was built anew. */
  readonly build?: string
}

/** A user plugin that is not what the daemon has loaded. */
export interface PluginChange {
  readonly name: string
  /** Its version in the daemon. `null`: it was not there when the daemon started. */
  readonly loaded: string | null
  /** Its version now. `null`: it was uninstalled. That of `loaded`: it is linked, and was built anew. */
  readonly installed: string | null
}

/** A type that a plugin has brought, without its code. */
export interface InstalledType {
  readonly sort: 'executor' | 'layer' | 'serviceType' | 'taskType'
  /** As it stands in a stack file. */
  readonly name: string
  /** `null` for executors and layers. */
  readonly summary: string | null
  readonly plugin: LoadedPlugin
  /** What it takes and gives: `spec` of executors and layers, `config` and `event` of service types, `input`, `output` and `event` of task types. */
  readonly schemas: Readonly<Record<string, JsonSchema<unknown>>>
  /** Of a service type; empty for the others. */
  readonly actions: readonly ActionDescription[]
  /** `null` for all but executors. */
  readonly capabilities: ExecutorCapabilities | null
}

export interface PluginProblem extends LoadedPlugin {
  /** A code of the error table. */
  readonly code: string
  readonly message: string
  readonly hint: string
}
