import type {TargetDefinition} from '../contract/stack.js'
import {isExtension} from './fields.js'
import {entriesOf, entryAt, isNull, type Place} from './node.js'
import {readRecord} from './read-json.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {expected, readText} from './values.js'

/** A target, and the fields of it that belong to the service: the same in both spellings. */
export interface ReadTarget {
  readonly target?: TargetDefinition
  readonly env?: Place | undefined
  readonly ports?: Place | undefined
}

/** The long spelling: `target: {type, …}`. `lifted` names the keys that are taken out for the service. */
export function readTarget(
  reading: Reading,
  place: Place | undefined,
  pointer: string,
  lifted: readonly string[],
): ReadTarget {
  if (place === undefined) return {}
  mark(reading, pointer, place)
  if (place.node.kind !== 'map') return expected(reading, place, 'a map with a type', {otherwise: {}})
  const type = entryAt(place, 'type')
  if (type === undefined) {
    const message = `${place.path} needs a 'type', like process or docker.`
    reading.problems.add(place, {code: 'CONFIG_MISSING_KEY', message}, 'key')
  }
  const target = targetOf(reading, place, pointer, ['type', ...lifted])
  const take = (key: string): Place | undefined => {
    const entry = lifted.includes(key) ? entryAt(place, key) : undefined
    return entry && !isNull(entry.node) ? entry : undefined
  }
  return {...(target ? {target} : {}), env: take('env'), ports: take('ports')}
}

/** The short spelling: the type and the target's fields stand among the service's keys, `taken`. */
export function readShortTarget(reading: Reading, place: Place, pointer: string, taken: readonly string[]): ReadTarget {
  mark(reading, pointer, place)
  const target = targetOf(reading, place, pointer, taken)
  return target ? {target} : {}
}

function targetOf(
  reading: Reading,
  place: Place,
  pointer: string,
  taken: readonly string[],
): TargetDefinition | undefined {
  const at = entryAt(place, 'type')
  const type = readText(reading, at, 'the name of a target type, like process or docker')
  if (at) mark(reading, pointerTo(pointer, 'type'), at)
  const attached = type === undefined || taken.includes('attach') ? undefined : attachedPart(place)
  const fields = entriesOf(place)
    .filter(([key]) => !taken.includes(key) && !isExtension(key) && !(attached && key === 'attach'))
    .concat(attached ? entriesOf(attached) : [])
  const specPointer = pointerTo(pointer, 'spec')
  mark(reading, specPointer, place)
  const spec = readRecord(reading, fields, specPointer)
  return type === undefined ? undefined : {type: attached ? `${type}-attach` : type, spec}
}

/** `type: X` with a map `attach` is the type `X-attach`, whose fields stand in that map: the same place, with what runs there already. */
function attachedPart(place: Place): Place | undefined {
  const attach = entryAt(place, 'attach')
  return attach?.node.kind === 'map' ? attach : undefined
}
