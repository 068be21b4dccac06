import type {Json} from '../../base/json.js'
import {given} from '../given.js'
import type {Part} from '../part.js'

const conditions: Readonly<Record<string, string>> = {
  service_started: 'started',
  service_healthy: 'ready',
  service_completed_successfully: 'succeeded',
}

/** What it waits for; `links` are waited for too. CONFIG_INVALID for a name that is not there. */
export function readDependencies(names: ReadonlyMap<string, string>, part: Part): readonly Json[] {
  const listed = Array.isArray(part.value('depends_on'))
  const nameOf = (foreign: string, key: string): string =>
    names.get(foreign) ?? part.wrong(key, 'a service of this file', foreign)
  const started = (foreign: string, key: string): Json => ({service: nameOf(foreign, key), condition: 'started'})
  const links = part.texts('links').map((link) => link.split(':')[0] ?? link)
  const after = [...new Set([...(listed ? part.texts('depends_on') : []), ...links])]
  const edges = listed
    ? []
    : part.parts('depends_on').map(([foreign, edge]) => {
        const word = edge.text('condition') ?? 'service_started'
        const condition = Object.hasOwn(conditions, word) ? conditions[word] : undefined
        if (condition === undefined)
          return edge.wrong('condition', `one of ${Object.keys(conditions).join(', ')}`, word)
        const restart = edge.flag('restart') || undefined
        const required = edge.value('required') === false ? false : undefined
        edge.leftOvers()
        const fields = {
          service: nameOf(foreign, 'depends_on'),
          condition: condition === 'ready' ? undefined : condition,
        }
        return given({...fields, restart, required})
      })
  const known = new Set(edges.map(({service}) => service))
  return [
    ...edges.map((edge) => (Object.keys(edge).length === 1 ? (edge['service'] ?? edge) : edge)),
    ...after.filter((each) => !known.has(names.get(each) ?? each)).map((each) => started(each, 'depends_on')),
  ]
}
