import type {ProbeCheck} from '../contract/probe.js'
import {openFields, type Fields} from './fields.js'
import {keyNames, type KeyOf} from './keys/names.js'
import {itemsOf, type Place} from './node.js'
import {readCommandCheck, readHttpCheck, readLogCheck, readTcpCheck, type ReadCheck} from './read-check.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {expected} from './values.js'

const kinds = ['http', 'tcp', 'command', 'log', 'all', 'any'] as const
const shownKinds = 'http, tcp, command, log, all and any'

type Kind = (typeof kinds)[number]
type CheckFields = Fields<KeyOf<'check'>>

/** The one check that these fields of a map say. */
export function readOneCheck(
  reading: Reading,
  field: CheckFields,
  place: Place,
  pointer: string,
): ReadCheck | undefined {
  const given = kinds.flatMap((kind) => {
    const check = field(kind)
    return check ? [{kind, check}] : []
  })
  const [only] = given
  if (only === undefined || given.length > 1) {
    const found = only === undefined ? 'none' : given.map((each) => each.kind).join(' and ')
    const message = `${place.path} needs exactly one of ${shownKinds}, got ${found}.`
    const code = only === undefined ? 'CONFIG_MISSING_KEY' : 'CONFIG_INVALID_VALUE'
    const suggestion = given.length > 1 ? "write them as a list under 'all'" : undefined
    reading.problems.add(place, {code, message, suggestion}, 'key')
    return undefined
  }
  mark(reading, pointer, only.check)
  if (only.kind === 'command') return readCommandCheck(reading, field, only.check, pointer)
  refuseStrays(reading, field, only.kind)
  return readKind(reading, only.kind, only.check, pointer)
}

function readKind(
  reading: Reading,
  kind: Exclude<Kind, 'command'>,
  place: Place,
  pointer: string,
): ReadCheck | undefined {
  switch (kind) {
    case 'http':
      return readHttpCheck(reading, place, pointer)
    case 'tcp':
      return readTcpCheck(reading, place, pointer)
    case 'log':
      return readLogCheck(reading, place, pointer)
    case 'all':
    case 'any': {
      const checks = readChecks(reading, place, pointerTo(pointer, 'checks'))
      return checks && {check: {kind, checks}}
    }
  }
}

function refuseStrays(reading: Reading, field: CheckFields, kind: Kind): void {
  for (const stray of [field('args'), field('on')]) {
    if (stray === undefined) continue
    const message = `${stray.path} belongs to a command check; this is a check of ${kind}.`
    reading.problems.add(stray, {code: 'CONFIG_INVALID_VALUE', message}, 'key')
  }
}

/** Nothing unless every one of them can be read. */
function readChecks(reading: Reading, place: Place, pointer: string): readonly ProbeCheck[] | undefined {
  mark(reading, pointer, place)
  if (place.node.kind !== 'sequence') return expected(reading, place, 'a list of checks')
  if (place.node.items.length === 0) return expected(reading, place, 'a list of at least one check')
  const checks = itemsOf(place).map((item, index) => readInner(reading, item, pointerTo(pointer, index)))
  const read = checks.filter((check) => check !== undefined)
  return read.length === checks.length ? read : undefined
}

function readInner(reading: Reading, place: Place, pointer: string): ProbeCheck | undefined {
  const field = openFields(reading, place, {keys: keyNames.check, what: 'a check inside another'})
  if (place.node.kind !== 'map') return undefined
  const read = readOneCheck(reading, field, place, pointer)
  if (read?.timeout === undefined) return read?.check
  const message = `${read.timeout.path} cannot stand here: several checks share one timeout.`
  const suggestion = "write it beside the outermost 'all' or 'any'"
  reading.problems.add(read.timeout, {code: 'CONFIG_INVALID_VALUE', message, suggestion}, 'key')
  return read.check
}
