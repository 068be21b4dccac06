import path from 'node:path'
import type {JsonObject} from '../../base/json.js'
import {isJsonObject} from '../../base/json.js'
import type {Converted, Origin} from '../converted.js'
import {given} from '../given.js'
import {Notes} from '../notes.js'
import {parseValue, type Value, type ValueMap} from '../parse-source.js'
import {Part} from '../part.js'
import {renamed, stackNames} from '../stack-names.js'
import {unreadable} from '../unreadable.js'
import {readApp, type ReadApp} from './app.js'

/** An ecosystem.config.json of pm2, or the same as YAML. CONFIG_INVALID when it is none. */
export function readPm2(origin: Origin, text: string): Converted {
  const notes = new Notes()
  const top = new Part(topOf(origin, text), {file: origin.file, path: '', notes})
  const apps = top.list('apps').map((value, index) => top.partOf(value, `apps[${index}]`))
  if (apps.length === 0) top.wrong('apps', 'a list of apps', undefined)
  const foreign = uniqueNames(apps)
  const names = stackNames(foreign)
  const read = apps.map((app, index): readonly [string, ReadApp] => {
    const called = foreign[index] ?? ''
    const name = names.get(called) ?? called
    const part = app.about(name)
    if (name !== called) part.note('name', renamed(name))
    return [name, readApp(origin, part, name)]
  })
  top.leftOvers({deploy: 'has no equivalent: harness does not deploy'})
  const services = Object.fromEntries(read.map(([name, {fields}]) => [name, fields]))
  return {top: given({environments: environmentsOf(read)}), services, tasks: {}, notes: notes.all()}
}

/** `{apps: […]}`, a list of apps, or one app. */
function topOf({file}: Origin, text: string): ValueMap {
  const value = parseValue(file, text)
  if (Array.isArray(value)) return {apps: value as readonly Value[]}
  if (!isJsonObject(value)) throw unreadable(file, "it must be a map with 'apps'")
  return 'apps' in value
    ? {...value, apps: Array.isArray(value['apps']) ? value['apps'] : [value['apps'] ?? {}]}
    : {apps: [value]}
}

/** An app without a name is called after its script. */
function uniqueNames(apps: readonly Part[]): readonly string[] {
  const counts = new Map<string, number>()
  return apps.map((app) => {
    const script = app.text('script') ?? app.text('exec') ?? 'app'
    const name = app.text('name') ?? path.basename(script, path.extname(script))
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return count === 1 ? name : `${name}-${count}`
  })
}

function environmentsOf(read: readonly (readonly [string, ReadApp])[]): JsonObject {
  const all = new Map<string, Record<string, JsonObject>>()
  for (const [service, {environments}] of read) {
    for (const [foreign, env] of Object.entries(environments)) {
      const [name = foreign] = stackNames([foreign]).values()
      all.set(name, {...all.get(name), [service]: {env}})
    }
  }
  return Object.fromEntries([...all].map(([name, services]) => [name, {services}]))
}
