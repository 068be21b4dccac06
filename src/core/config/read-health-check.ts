import type {Probe} from '../contract/probe.js'
import {openFields} from './fields.js'
import {keyNames} from './keys/names.js'
import type {Place} from './node.js'
import {readOneCheck} from './read-one-check.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {expected, readDuration, readNumber} from './values.js'

/** One check, or several under `all` or `any`, and their timing, with the stack's own interval as the default. */
export function readHealthCheck(
  reading: Reading,
  place: Place | undefined,
  pointer: string,
  intervalMs: number,
): Probe | undefined {
  if (place === undefined) return undefined
  mark(reading, pointer, place)
  const field = openFields(reading, place, {keys: keyNames.healthCheck, what: 'a health check'})
  const isMap = place.node.kind === 'map'
  const read = isMap ? readOneCheck(reading, field, place, pointerTo(pointer, 'check')) : undefined
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

function readTimeout(reading: Reading, place: Place | undefined): number {
  const timeout = readDuration(reading, place)
  if (place !== undefined && timeout === 0) expected(reading, place, 'longer than 0')
  return timeout ?? 5000
}
