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

type CheckFields = Fields<(typeof keys)[number]>

function readCheck(reading: Reading, field: CheckFields, place: Place, pointer: string): ReadCheck | undefined {
  const given = kinds.flatMap((kind) => {
    const check = field(kind)
    return check ? [{kind, check}] : []
  })
  const [only] = given
  if (only === undefined || given.length > 1) {
    const found = only === undefined ? 'none' : given.map((each) => each.kind).join(' and ')
    const message = `${place.path} needs exactly one of http, tcp and command, got ${found}.`
    const code = only === undefined ? 'CONFIG_MISSING_KEY' : 'CONFIG_INVALID_VALUE'
    reading.problems.add(place, {code, message}, 'key')
    return undefined
  }
  mark(reading, pointer, only.check)
  if (only.kind === 'command') return readCommandCheck(reading, field, only.check, pointer)
  for (const stray of [field('args'), field('on')]) {
    if (stray === undefined) continue
    const message = `${stray.path} belongs to a command check; this is a check of ${only.kind}.`
    reading.problems.add(stray, {code: 'CONFIG_INVALID_VALUE', message}, 'key')
  }
  return only.kind === 'http' ? readHttpCheck(reading, only.check, pointer) : readTcpCheck(reading, only.check, pointer)
}

function readTimeout(reading: Reading, place: Place | undefined): number {
  const timeout = readDuration(reading, place)
  if (place !== undefined && timeout === 0) expected(reading, place, 'longer than 0')
  return timeout ?? 5000
}
