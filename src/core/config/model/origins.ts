import {entryAt, itemsOf, type Place} from '../node.js'
import {pointerTo} from '../reading.js'
import {locationOf} from '../source.js'

/** Where a value of the model was written. */
export interface Origin {
  readonly file: string
  readonly line: number
  readonly column: number
  /** As it stands there, when that is not the value: with its variables. */
  readonly written?: string
}

/** Keys and indices from the top of the written model. */
export type ModelPath = readonly (number | string)[]

/** Not `$$`, and no reference. */
const variable = /(?<!\$)(?:\$\$)*\$(?:[A-Za-z_]|\{[A-Za-z_]\w*[:}?+-])/

/** Finds where the values of a model come from; `undefined` for a default. */
export function originsOf(places: ReadonlyMap<string, Place>): (path: ModelPath) => Origin | undefined {
  return (path) => {
    const place = markedPlace(places, path) ?? writtenPlace(places, path)
    if (place === undefined) return undefined
    const {file, line, column} = locationOf(place.node.span)
    const {node} = place
    const written = node.kind === 'scalar' && variable.test(node.text) ? node.text : undefined
    return {file, line, column, ...(written === undefined ? {} : {written})}
  }
}

/** Parts that the definition has elsewhere than the file: the keys by which their readers have marked them. */
const marks: Readonly<Record<string, (section: string, rest: ModelPath) => ModelPath>> = {
  env: (_, rest) => ['env', ...rest],
  config: (section, rest) => [section === 'tasks' ? 'input' : 'config', ...rest],
  action: (_, rest) => ['input', ...rest],
  target: (_, rest) => (rest.length === 1 && rest[0] === 'type' ? ['target', 'type'] : ['target', 'spec', ...rest]),
  ports: (_, [index = 0]) => ['ports', index],
}

function markedPlace(
  places: ReadonlyMap<string, Place>,
  [section = '', name = '', key = '', ...rest]: ModelPath,
): Place | undefined {
  if (section === 'name') return places.get('/name')
  const keys = marks[key]?.(String(section), rest)
  return keys && places.get([section, name, ...keys].reduce<string>(pointerTo, ''))
}

/** The same keys, followed from the place of the service or task itself; what is not there may stand in the settings of the stack. */
function writtenPlace(places: ReadonlyMap<string, Place>, path: ModelPath): Place | undefined {
  const [section = '', name = '', ...rest] = path
  const start = places.get(pointerTo(pointerTo('', section), name))
  return rest.reduce<Place | undefined>(stepInto, start) ?? settingOf(places, path.at(-1))
}

/** What the short form of a value says: `restart: always` is its policy. */
const shortForms = new Set<number | string>(['attempts', 'log', 'paths', 'policy', 'port', 'program', 'service', 'url'])

function stepInto(place: Place | undefined, key: number | string): Place | undefined {
  if (place === undefined) return undefined
  if (typeof key === 'number') return place.node.kind === 'sequence' ? itemsOf(place)[key] : place
  if (place.node.kind !== 'map' && shortForms.has(key)) return place
  return entryAt(place, key)
}

const settings: Readonly<Record<string, string>> = {
  startup_timeout: 'startup_timeout',
  shutdown_timeout: 'shutdown_timeout',
  on_start_timeout: 'on_start_timeout',
  interval: 'health_check_interval',
}

function settingOf(places: ReadonlyMap<string, Place>, key: number | string | undefined): Place | undefined {
  const setting = typeof key === 'string' ? settings[key] : undefined
  const top = places.get('')
  const all = top && entryAt(top, 'settings')
  return setting === undefined ? undefined : all && entryAt(all, setting)
}
