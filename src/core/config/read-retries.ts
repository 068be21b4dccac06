import type {RetryPolicy} from '../contract/stack.js'
import {defaultRestart} from './default-restart.js'
import {openFields} from './fields.js'
import {keyNames} from './keys/names.js'
import type {Place} from './node.js'
import type {Reading} from './reading.js'
import {needed, readDuration, readNumber, type NumberRange} from './values.js'

const {delayMs, factor, maxDelayMs, jitter} = defaultRestart
const defaults: RetryPolicy = {retries: 0, delayMs, factor, maxDelayMs, jitter}

/** How many times again, or the long form with what is waited in between. */
export function readRetries(reading: Reading, place: Place | undefined): RetryPolicy {
  if (place === undefined) return defaults
  const count = (at: Place | undefined): number => readNumber(reading, at, {min: 0, max: 1000}) ?? defaults.retries
  if (place.node.kind !== 'map') return {...defaults, retries: count(place)}
  const field = openFields(reading, place, {keys: keyNames.retries, what: 'retries'})
  const number = (key: 'factor' | 'jitter', range: NumberRange): number =>
    readNumber(reading, field(key), {...range, whole: false}) ?? defaults[key]
  return {
    retries: count(needed(reading, place, field('attempts'), "'attempts'")),
    delayMs: readDuration(reading, field('delay')) ?? defaults.delayMs,
    factor: number('factor', {min: 1, max: 100}),
    maxDelayMs: readDuration(reading, field('max_delay')) ?? defaults.maxDelayMs,
    jitter: number('jitter', {min: 0, max: 1}),
  }
}
