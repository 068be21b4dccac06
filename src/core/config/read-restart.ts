import type {RestartPolicy} from '../contract/stack.js'
import {openFields} from './fields.js'
import type {Place} from './node.js'
import type {Reading} from './reading.js'
import {readChoice, readDuration, readNumber} from './values.js'

export const defaultRestart: RestartPolicy = {
  policy: 'no',
  delayMs: 1000,
  factor: 2,
  maxDelayMs: 60_000,
  jitter: 0.1,
  maxAttempts: 5,
  windowMs: 60_000,
  resetAfterMs: 60_000,
}

const policies = {no: 'no', 'on-failure': 'on-failure', always: 'always'} as const
const keys = ['policy', 'delay', 'factor', 'max_delay', 'jitter', 'max_attempts', 'window', 'reset_after'] as const

/** A policy's name, or the long form. */
export function readRestart(reading: Reading, place: Place | undefined): RestartPolicy {
  if (place === undefined) return defaultRestart
  if (place.node.kind !== 'map') {
    return {...defaultRestart, policy: readChoice(reading, place, policies) ?? defaultRestart.policy}
  }
  const field = openFields(reading, place, {keys, what: 'restart'})
  const policy = field('policy')
  if (policy === undefined) {
    const message = `${place.path} needs a 'policy': no, on-failure or always.`
    reading.problems.add(place, {code: 'CONFIG_MISSING_KEY', message}, 'key')
  }
  return {
    policy: readChoice(reading, policy, policies) ?? defaultRestart.policy,
    delayMs: readDuration(reading, field('delay')) ?? defaultRestart.delayMs,
    factor: readNumber(reading, field('factor'), {min: 1, max: 100, whole: false}) ?? defaultRestart.factor,
    maxDelayMs: readDuration(reading, field('max_delay')) ?? defaultRestart.maxDelayMs,
    jitter: readNumber(reading, field('jitter'), {min: 0, max: 1, whole: false}) ?? defaultRestart.jitter,
    maxAttempts: readNumber(reading, field('max_attempts'), {min: 0}) ?? defaultRestart.maxAttempts,
    windowMs: readDuration(reading, field('window')) ?? defaultRestart.windowMs,
    resetAfterMs: readDuration(reading, field('reset_after')) ?? defaultRestart.resetAfterMs,
  }
}
