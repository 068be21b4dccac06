import type {ActionDescription, ActionTable} from '../contract/action.js'
import type {InstalledType} from '../contract/catalogue.js'
import type {ServiceType} from '../contract/service-type.js'
import type {TaskType} from '../contract/task-type.js'
import type {CollectedPlugin} from './collected-plugin.js'
import {identityOf} from './plugin-source.js'

type Brought = Omit<InstalledType, 'plugin'>

const bare = {summary: null, actions: [], capabilities: null} as const

/** Everything that the plugins bring, in words and schemas: by sort and then by name. */
export function installedTypes(plugins: readonly CollectedPlugin[]): readonly InstalledType[] {
  const all = plugins.flatMap((plugin) => {
    const from = Object.freeze(identityOf(plugin.source))
    return broughtBy(plugin).map((brought): InstalledType => Object.freeze({...brought, plugin: from}))
  })
  return Object.freeze(all.sort((a, b) => compare(a.sort, b.sort) || compare(a.name, b.name)))
}

/** Those that an action table has, by name. */
export function describeActions(actions: ActionTable<never> = {}): readonly ActionDescription[] {
  return Object.entries(actions)
    .map(([name, {summary, input, output, event}]) => ({name, summary, input, output, event: event ?? null}))
    .sort((a, b) => compare(a.name, b.name))
}

function broughtBy({executors, layers, serviceTypes, taskTypes}: CollectedPlugin): readonly Brought[] {
  return [
    ...executors.map(({kind, specSchema, capabilities}): Brought => ({
      ...bare,
      sort: 'executor',
      name: kind,
      schemas: {spec: specSchema},
      capabilities,
    })),
    ...layers.map(({kind, specSchema}): Brought => ({...bare, sort: 'layer', name: kind, schemas: {spec: specSchema}})),
    ...serviceTypes.map(serviceTypeText),
    ...taskTypes.map(taskTypeText),
  ]
}

function serviceTypeText({type, summary, configSchema, event, actions}: ServiceType): Brought {
  return {
    ...bare,
    sort: 'serviceType',
    name: type,
    summary,
    schemas: {config: configSchema, ...(event && {event})},
    actions: describeActions(actions),
  }
}

function taskTypeText({type, summary, input, output, event}: TaskType): Brought {
  return {...bare, sort: 'taskType', name: type, summary, schemas: {input, output, ...(event && {event})}}
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
