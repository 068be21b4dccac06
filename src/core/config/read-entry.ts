import type {Env} from './read-env.js'
import type {LogOptions} from '../contract/log.js'
import {isName} from '../base/ids.js'
import {openFields} from './fields.js'
import {keyNames} from './keys/names.js'
import type {Place} from './node.js'
import type {Reading} from './reading.js'
import {badName, readBoolean, readChoice, readNumber, readSize, readText} from './values.js'

/** What the top of the file says for every service and task. */
export interface Defaults {
  /** The folder of an included file, which its relative paths start from. */
  readonly home: {readonly directory?: string}
  /** Layers, the last one on top. */
  readonly env: readonly Env[]
  /** Lists, the outermost first. */
  readonly layers: readonly (Place | undefined)[]
  readonly startupTimeoutMs: number | undefined
  readonly graceMs: number | undefined
  readonly healthCheckIntervalMs: number
  readonly onStartTimeout: 'keep' | 'stop'
}

export const onStartTimeouts = {keep: 'keep', stop: 'stop'} as const

/** A service or task is called by its key; a `name`, which older files have, says nothing more. */
export function checkName(reading: Reading, key: string, place: Place, name: Place | undefined): void {
  const valid: boolean = isName(key)
  if (!valid) {
    reading.problems.add(place, {code: 'CONFIG_INVALID_NAME', ...badName(`${place.path}: '${key}'`, key)}, 'key')
  }
  if (key === 'secret') {
    const message = `${place.path}: 'secret' is taken, \${secret.NAME} names a secret.`
    reading.problems.add(place, {code: 'CONFIG_INVALID_NAME', message, suggestion: 'choose another name'}, 'key')
  }
  readText(reading, name)
}

const captures = {file: 'file', pipe: 'pipe'} as const

/** Less would be gone before anyone could read it. */
const smallestPart = 64_000

export function readLogs(reading: Reading, place: Place | undefined): LogOptions {
  if (place === undefined) return {capture: 'file', merge: false}
  const field = openFields(reading, place, {keys: keyNames.logs, what: 'logs'})
  const maxSize = readSize(reading, field('max_size'), smallestPart)
  const keep = readNumber(reading, field('keep'), {min: 1, max: 1000})
  return {
    capture: readChoice(reading, field('capture'), captures) ?? 'file',
    merge: readBoolean(reading, field('merge')) ?? false,
    ...(maxSize !== undefined && {maxSize}),
    ...(keep !== undefined && {keep}),
  }
}

/** Says that two keys exclude each other. */
export function refuseBoth(reading: Reading, one: Place | undefined, other: Place | undefined, why: string): void {
  if (one === undefined || other === undefined) return
  const message = `${other.path} cannot stand beside ${one.path}.`
  reading.problems.add(other, {code: 'CONFIG_INVALID_VALUE', message, suggestion: why}, 'key')
}
