import type {Probe} from '../contract/probe.js'
import {openFields, type Fields} from './fields.js'
import type {Place} from './node.js'
import {readCommandCheck, readHttpCheck, readTcpCheck, type ReadCheck} from './read-check.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {expected, readDuration, readNumber} from './values.js'

const kinds = ['http', 'tcp', 'command'] as const
const keys = [
  ...kinds,
  'args',
  'on',
  'interval',
  'timeout',
  'retries',
  'start_period',
  'start_interval',
  'success_threshold',
] as const

/** One check and its timing, with the stack's own interval as the default. */
export function readHealthCheck(
  reading: Reading,
  place: Place | undefined,
  pointer: string,
  intervalMs: number,
): Probe | undefined {
  if (place === undefined) return undefined
  mark(reading, pointer, place)
  const field = openFields(reading, place, {keys, what: 'a health check'})
  const read = place.node.kind === 'map' ? readCheck(reading, field, place, pointerTo(pointer, 'check')) : undefined
  const timing = {
    intervalMs: readDuration(reading, field('interval')) ?? intervalMs,
    startIntervalMs: readDuration(reading, field('start_interval')) ?? 100,
    startPeriodMs: readDuration(reading, field('start_period')) ?? 0,
    timeoutMs: readTimeout(reading, field('timeout') ?? read?.timeout),
    successThreshold: readNumber(reading, field('success_threshold'), {min: 1}) ?? 1,
    failureThreshold: readNumber(reading, field('retries'), {min: 1}) ?? 3,
  }
  return read && {check: read.check, ...timing}
}

function readCheck(
  reading: Reading,
  field: Fields<(typeof keys)[number]>,
  place: Place,
  pointer: string,
): ReadCheck | undefined {
  const given = kinds.filter((kind) => field(kind))
  if (given.length !== 1) {
    const found = given.length === 0 ? 'none' : given.join(' and ')
    const message = `${place.path} needs exactly one of http, tcp and command, got ${found}.`
    reading.problems.add(
      place,
      {code: given.length === 0 ? 'CONFIG_MISSING_KEY' : 'CONFIG_INVALID_VALUE', message},
      'key',
    )
    return undefined
  }
  const [http, tcp, command] = [field('http'), field('tcp'), field('command')]
  mark(reading, pointer, http ?? tcp ?? command ?? place)
  for (const key of command ? [] : (['args', 'on'] as const)) {
    const stray = field(key)
    if (stray) expected(reading, stray, "left out: it belongs to 'command'")
  }
  if (http) return readHttpCheck(reading, http, pointer)
  if (tcp) return readTcpCheck(reading, tcp, pointer)
  return command && readCommandCheck(reading, field, command, pointer)
}

function readTimeout(reading: Reading, place: Place | undefined): number {
  const timeout = readDuration(reading, place)
  if (place !== undefined && timeout === 0) expected(reading, place, 'longer than 0')
  return timeout ?? 5000
}
