import type {ScheduleDefinition} from '../contract/stack.js'
import {openFields} from './fields.js'
import {keyNames} from './keys/names.js'
import type {Place} from './node.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {expected, readChoice, readDuration, readText} from './values.js'

const overlaps = {skip: 'skip', queue: 'queue'} as const

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
  const field = openFields(reading, place, {keys: keyNames.schedule, what: 'a schedule'})
  const [cron, every] = [field('cron'), field('every')]
  const at = field('overlap')
  if (at) mark(reading, pointerTo(pointer, 'overlap'), at)
  const overlap = readOverlap(reading, at) ?? 'skip'
  if (cron && every === undefined) return readCron(reading, {cron, timezone: field('timezone')}, pointer, overlap)
  if (every && cron === undefined) return readEvery(reading, {every, timezone: field('timezone')}, pointer, overlap)
  const message = `${place.path} needs exactly one of cron and every, got ${cron === undefined ? 'none' : 'both'}.`
  const code = cron === undefined ? 'CONFIG_MISSING_KEY' : 'CONFIG_INVALID_VALUE'
  reading.problems.add(place, {code, message}, 'key')
  return undefined
}

type Overlap = ScheduleDefinition['overlap']

/** `parallel` is refused where the definition is checked, with what to write instead. */
function readOverlap(reading: Reading, place: Place | undefined): Overlap | undefined {
  const isParallel = place?.node.kind === 'scalar' && place.node.value === 'parallel'
  return isParallel ? 'parallel' : readChoice(reading, place, overlaps)
}

function readCron(
  reading: Reading,
  places: {readonly cron: Place; readonly timezone: Place | undefined},
  pointer: string,
  overlap: Overlap,
): ScheduleDefinition | undefined {
  for (const [name, place] of Object.entries(places)) if (place) mark(reading, pointerTo(pointer, name), place)
  const cron = readText(reading, places.cron)?.trim()
  const timezone = readText(reading, places.timezone) ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  return cron === undefined ? undefined : {cron, timezone, overlap}
}

function readEvery(
  reading: Reading,
  {every, timezone}: {readonly every: Place; readonly timezone: Place | undefined},
  pointer: string,
  overlap: Overlap,
): ScheduleDefinition | undefined {
  mark(reading, pointerTo(pointer, 'everyMs'), every)
  if (timezone) refuseZone(reading, timezone)
  const everyMs = readDuration(reading, every)
  return everyMs === undefined ? undefined : {everyMs, overlap}
}

function refuseZone(reading: Reading, place: Place): void {
  const message = `${place.path} belongs to a cron expression: an interval is the same in every time zone.`
  reading.problems.add(place, {code: 'CONFIG_INVALID_VALUE', message}, 'key')
}
