import type {Probe} from '../contract/probe.js'
import {openFields} from './fields.js'
import {keyNames} from './keys/names.js'
import type {Place} from './node.js'
import {readOneCheck} from './read-one-check.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {readDuration, readNumber, readPause} from './values.js'

/** One check, or several under `all` or `any`, and their timing, with the stack's own interval as the default. */
export function readHealthCheck(
  reading: Reading,
  place: Place | undefined,
  pointer: string,
  intervalMs: number,
): Probe | undefined {
  if (place === undefined) return undefined
  mark(reading, pointer, place)
  const example = 'write {http: URL}, {tcp: PORT}, {log: PATTERN} or {command: PROGRAM}'
  const field = openFields(reading, place, {keys: keyNames.healthCheck, what: 'a health check', example})
  const isMap = place.node.kind === 'map'
  const read = isMap ? readOneCheck(reading, field, place, pointerTo(pointer, 'check')) : undefined
  const timing = {
    intervalMs: readPause(reading, field('interval'), noPause) ?? intervalMs,
    startIntervalMs: readPause(reading, field('start_interval'), noPause) ?? 100,
    startPeriodMs: readDuration(reading, field('start_period')) ?? 0,
    timeoutMs: readPause(reading, field('timeout') ?? read?.timeout) ?? 5000,
    successThreshold: readNumber(reading, field('success_threshold'), {min: 1}) ?? 1,
    failureThreshold: readNumber(reading, field('retries'), {min: 1}) ?? 3,
  }
  return read && {check: read.check, ...timing}
}

const noPause = 'checks without a pause between them would leave no time for anything else'
