import type {HarnessError} from '../base/errors.js'
import type {Catalogue, PluginProblem} from '../contract/catalogue.js'
import {installedTypes} from './installed-types.js'
import {identityOf, type PluginSource} from './plugin-source.js'
import type {Sifted} from './sifted.js'

/** Makes the catalogue of what is left. Nothing can be added to it or taken away, whatever a plugin does later. */
export function sealCatalogue({kept, failures}: Sifted): Catalogue {
  const executors = new Map(kept.flatMap((plugin) => plugin.executors.map((item) => [item.kind, item] as const)))
  const layers = new Map(kept.flatMap((plugin) => plugin.layers.map((item) => [item.kind, item] as const)))
  const serviceTypes = new Map(kept.flatMap((plugin) => plugin.serviceTypes.map((item) => [item.type, item] as const)))
  const taskTypes = new Map(kept.flatMap((plugin) => plugin.taskTypes.map((item) => [item.type, item] as const)))
  return Object.freeze({
    executor: (kind: string) => executors.get(kind),
    layer: (kind: string) => layers.get(kind),
    serviceType: (type: string) => serviceTypes.get(type),
    taskType: (type: string) => taskTypes.get(type),
    names: Object.freeze({
      executors: sortedNames(executors),
      layers: sortedNames(layers),
      serviceTypes: sortedNames(serviceTypes),
      taskTypes: sortedNames(taskTypes),
    }),
    types: installedTypes(kept),
    plugins: Object.freeze(kept.map(({source}) => Object.freeze(identityOf(source)))),
    problems: Object.freeze(failures.map(({source, error}) => Object.freeze(problemOf(source, error)))),
  })
}

function sortedNames(table: ReadonlyMap<string, unknown>): readonly string[] {
  return Object.freeze([...table.keys()].sort())
}

function problemOf(source: PluginSource, {code, message, hint}: HarnessError): PluginProblem {
  return {...identityOf(source), code, message, hint}
}
