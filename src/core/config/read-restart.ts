import type {RestartPolicy} from '../contract/stack.js'
import {defaultRestart} from './default-restart.js'
import {openFields} from './fields.js'
import {keyNames} from './keys/names.js'
import type {Place} from './node.js'
import type {Reading} from './reading.js'
import {readChoice, readDuration, readNumber, type NumberRange} from './values.js'

const policies = {no: 'no', 'on-failure': 'on-failure', always: 'always'} as const

/** As other programs call them. */
const meant = {
  'unless-stopped': 'always',
  on_failure: 'on-failure',
  onfailure: 'on-failure',
  exit_on_failure: 'on-failure',
  never: 'no',
  none: 'no',
  false: 'no',
  true: 'always',
} as const

/** A policy's name, or the long form. */
export function readRestart(reading: Reading, place: Place | undefined): RestartPolicy | undefined {
  if (place === undefined) return undefined
  if (place.node.kind !== 'map') {
    return {...defaultRestart, policy: readChoice(reading, place, policies, meant) ?? defaultRestart.policy}
  }
  const field = openFields(reading, place, {keys: keyNames.restart, what: 'restart'})
  const policy = field('policy')
  if (policy === undefined) {
    const message = `${place.path} needs a 'policy': no, on-failure or always.`
    reading.problems.add(place, {code: 'CONFIG_MISSING_KEY', message}, 'key')
  }
  const time = (key: 'delay' | 'max_delay' | 'reset_after' | 'window', otherwise: number): number =>
    readDuration(reading, field(key)) ?? otherwise
  const number = (key: 'factor' | 'jitter' | 'max_attempts', range: NumberRange, otherwise: number): number =>
    readNumber(reading, field(key), range) ?? otherwise
  return {
    policy: readChoice(reading, policy, policies, meant) ?? defaultRestart.policy,
    delayMs: time('delay', defaultRestart.delayMs),
    factor: number('factor', {min: 1, max: 100, whole: false}, defaultRestart.factor),
    maxDelayMs: time('max_delay', defaultRestart.maxDelayMs),
    jitter: number('jitter', {min: 0, max: 1, whole: false}, defaultRestart.jitter),
    maxAttempts: number('max_attempts', {min: 0}, defaultRestart.maxAttempts),
    windowMs: time('window', defaultRestart.windowMs),
    resetAfterMs: time('reset_after', defaultRestart.resetAfterMs),
  }
}
