import type {ScheduleDefinition} from '../contract/stack.js'
import {openFields} from './fields.js'
import type {Place} from './node.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {expected, readChoice, readDuration, readText} from './values.js'

const keys = ['cron', 'every', 'timezone', 'overlap'] as const
const overlaps = {skip: 'skip', queue: 'queue', parallel: 'parallel'} as const

/** `{cron, timezone}` or `{every}`. Whether the expression and the time zone mean something is checked with the definition. */
export function readSchedule(
  reading: Reading,
  place: Place | undefined,
  pointer: string,
): ScheduleDefinition | undefined {
  if (place === undefined) return undefined
  mark(reading, pointer, place)
  const what = "a map with 'cron' or 'every'"
  if (place.node.kind !== 'map') return expected(reading, place, what, {suggestion: "write {cron: '0 3 * * *'}"})
  const field = openFields(reading, place, {keys, what: 'a schedule'})
  const [cronPlace, everyPlace, zonePlace] = [field('cron'), field('every'), field('timezone')]
  const overlap = readChoice(reading, field('overlap'), overlaps) ?? 'skip'
  if ((cronPlace === undefined) === (everyPlace === undefined)) {
    const found = cronPlace === undefined ? 'none' : 'both'
    const message = `${place.path} needs exactly one of cron and every, got ${found}.`
    const code = cronPlace === undefined ? 'CONFIG_MISSING_KEY' : 'CONFIG_INVALID_VALUE'
    reading.problems.add(place, {code, message}, 'key')
    return undefined
  }
  if (everyPlace) {
    mark(reading, pointerTo(pointer, 'everyMs'), everyPlace)
    if (zonePlace) refuseZone(reading, zonePlace)
    const everyMs = readDuration(reading, everyPlace)
    return everyMs === undefined ? undefined : {everyMs, overlap}
  }
  for (const [name, at] of Object.entries({cron: cronPlace, timezone: zonePlace})) {
    if (at) mark(reading, pointerTo(pointer, name), at)
  }
  const cron = readText(reading, cronPlace)
  const timezone = readText(reading, zonePlace) ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  return cron === undefined ? undefined : {cron: cron.trim(), timezone, overlap}
}

function refuseZone(reading: Reading, place: Place): void {
  const message = `${place.path} belongs to a cron expression: an interval is the same in every time zone.`
  reading.problems.add(place, {code: 'CONFIG_INVALID_VALUE', message}, 'key')
}
