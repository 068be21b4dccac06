import {isJsonObject, type JsonObject} from '../base/json.js'
import type {Notes} from './notes.js'

type Entries = Readonly<Record<string, JsonObject>>

/** Nothing can wait for the end of a service that always starts again: such a one is restarted after failures only. */
export function withAwaitedEnds(services: Entries, others: Entries, notes: Notes): Entries {
  const awaited = new Set([...Object.values(services), ...Object.values(others)].flatMap(awaitedBy))
  return Object.fromEntries(
    Object.entries(services).map(([name, service]) => {
      const {restart} = service
      if (!awaited.has(name) || !isJsonObject(restart) || restart['policy'] !== 'always') return [name, service]
      notes.add(
        `${name}: restart`,
        "is on-failure here: others wait for its end, which 'always' would never let come",
        name,
      )
      return [name, {...service, restart: {...restart, policy: 'on-failure'}}]
    }),
  )
}

function awaitedBy({dependencies}: JsonObject): readonly string[] {
  if (!Array.isArray(dependencies)) return []
  return (dependencies as readonly unknown[]).flatMap((each) => {
    if (!isJsonObject(each) || typeof each['service'] !== 'string') return []
    return each['condition'] === 'completed' || each['condition'] === 'succeeded' ? [each['service']] : []
  })
}
