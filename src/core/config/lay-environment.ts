import {isName} from '../base/ids.js'
import {openFields} from './fields.js'
import {keyNames} from './keys/names.js'
import {mergeNodes} from './merge.js'
import {entriesOf, entryAt, isNull, type Node, type Place} from './node.js'
import type {Reading} from './reading.js'
import {badName, expected, readList, readName} from './values.js'

interface Choice {
  readonly environment: string | undefined
  /** The profiles that it brings are added here. */
  readonly profiles: string[]
}

/** Lays the chosen entry of `environments` over its file, as an override file would be. */
export function layEnvironment(reading: Reading, top: Node, {environment, profiles}: Choice): Node {
  const place = entryAt({node: top, path: ''}, 'environments')
  if (place === undefined || isNull(place.node)) return top
  if (place.node.kind !== 'map') return expected(reading, place, 'a map of names', {otherwise: top})
  for (const [name, entry] of entriesOf(place)) checkEnvironment(reading, name, entry)
  const chosen = environment === undefined ? undefined : entryAt(place, environment)
  if (chosen?.node.kind !== 'map') return top
  profiles.push(...(readList(reading, entryAt(chosen, 'profiles'), readName) ?? []))
  const laid = keyNames.environment.filter((key) => key !== 'profiles')
  const entries = new Map([...chosen.node.entries].filter(([key]) => laid.some((each) => each === key)))
  return mergeNodes(top, {...chosen.node, entries})
}

/** The names of the environments of a file. */
export function environmentNames(top: Node): readonly string[] {
  const place = entryAt({node: top, path: ''}, 'environments')
  return place === undefined ? [] : entriesOf(place).map(([name]) => name)
}

/** Also those that are not chosen: a wrong key is wrong today. */
function checkEnvironment(reading: Reading, name: string, place: Place): void {
  const valid: boolean = isName(name)
  if (!valid) {
    reading.problems.add(place, {code: 'CONFIG_INVALID_NAME', ...badName(`${place.path}: '${name}'`, name)}, 'key')
  }
  if (!isNull(place.node)) openFields(reading, place, {keys: keyNames.environment, what: 'an environment'})
}
