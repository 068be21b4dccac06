import type {CollectedPlugin} from './collected-plugin.js'

export type TypeList = 'executors' | 'layers' | 'serviceTypes' | 'taskTypes'

/** The names of what a plugin brings, by sort; `sort` is the word for messages. */
export function typeNames(
  plugin: Pick<CollectedPlugin, TypeList>,
): readonly (readonly [sort: string, names: readonly string[]])[] {
  return [
    ['executor', plugin.executors.map(({kind}) => kind)],
    ['layer', plugin.layers.map(({kind}) => kind)],
    ['service type', plugin.serviceTypes.map(({type}) => type)],
    ['task type', plugin.taskTypes.map(({type}) => type)],
  ]
}
