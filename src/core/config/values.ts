import {parseDuration} from '../base/duration.js'
import {formatSize, parseSize} from '../base/size.js'
import {isName, toName} from '../base/ids.js'
import {interpolate, type FillMode} from './interpolate.js'
import {describeNode, isNull, itemsOf, type Place} from './node.js'
import type {Reading} from './reading.js'
import {suggest} from './suggest.js'

// Each reader takes the place of an optional value, answers `undefined` when it is missing or wrong, and reports the latter.

type Maybe<T> = T | undefined

interface Otherwise<T> {
  readonly otherwise?: T
  readonly suggestion?: string | undefined
}

/** Says that a value is not what is expected, and answers what to go on with. */
export function expected<T>(
  reading: Reading,
  place: Place,
  what: string,
  options: Otherwise<T> & {readonly otherwise: T},
): T
export function expected<T>(reading: Reading, place: Place, what: string, options?: Otherwise<T>): T | undefined
export function expected<T>(reading: Reading, place: Place, what: string, options: Otherwise<T> = {}): T | undefined {
  const message = `${place.path === '' ? 'The file' : place.path} must be ${what}, got ${describeNode(place.node)}.`
  reading.problems.add(place, {code: 'CONFIG_INVALID_VALUE', message, suggestion: options.suggestion})
  return options.otherwise
}

/** Plain text with its variables filled in. A number is taken as it was written. */
export function readText(reading: Reading, place: Maybe<Place>, what = 'a text'): Maybe<string> {
  return place && textOf(reading, place, {mode: 'text', what})
}

/** A template of the second stage: variables filled in, references kept. */
export function readTemplate(reading: Reading, place: Maybe<Place>, what = 'a text'): Maybe<string> {
  return place && textOf(reading, place, {mode: 'template', what})
}

/** A regular expression with its variables filled in; a `$` alone is its anchor. */
export function readPattern(reading: Reading, place: Maybe<Place>, what: string): Maybe<string> {
  return place && textOf(reading, place, {mode: 'pattern', what})
}

/** Says of a map that a key is missing, if it is. */
export function needed(reading: Reading, parent: Place, place: Maybe<Place>, what: string): Maybe<Place> {
  if (place === undefined) {
    const message = `${parent.path} needs ${what}.`
    reading.problems.add(parent, {code: 'CONFIG_MISSING_KEY', message}, 'key')
  }
  return place
}

function textOf(
  reading: Reading,
  place: Place,
  options: {readonly mode: FillMode; readonly what: string},
): Maybe<string> {
  const {node} = place
  if (node.kind !== 'scalar' || node.value === null || typeof node.value === 'boolean') {
    return expected(reading, place, options.what, node.kind === 'scalar' ? {suggestion: 'put it in quotes'} : {})
  }
  const {text, findings} = interpolate(node.text, options.mode, reading.variables)
  for (const finding of findings) reading.problems.add(place, finding)
  return findings.some((finding) => finding.severity !== 'warning') ? undefined : text
}

export function readName(reading: Reading, place: Maybe<Place>): Maybe<string> {
  const text = readText(reading, place)
  const valid: boolean = isName(text)
  if (place === undefined || text === undefined || valid) return text
  reading.problems.add(place, {code: 'CONFIG_INVALID_NAME', ...badName(`${place.path}: '${text}'`, text)})
  return undefined
}

/** Why a text is no name, and the nearest one that is. */
export function badName(subject: string, text: string) {
  const rule = 'lower-case letters, digits, - and _, at most 63, a letter or digit first'
  return {message: `${subject} is not a name: ${rule}.`, suggestion: `use '${toName(text).replace(/[-_]+$/, '')}'`}
}

/** Milliseconds. */
export function readDuration(reading: Reading, place: Maybe<Place>): Maybe<number> {
  if (place === undefined) return undefined
  const what = 'a duration like 250ms, 5s or 1m30s, or a number of seconds, of at most 24 days'
  if (place.node.kind === 'scalar' && typeof place.node.value === 'number') {
    return parseDuration(place.node.value) ?? expected(reading, place, what)
  }
  const text = readText(reading, place, what)
  if (text === undefined) return undefined
  return parseDuration(text) ?? expected(reading, place, what, {suggestion: asDuration(text)})
}

const units: Readonly<Record<string, string>> = {mil: 'ms', sec: 's', min: 'm', hou: 'h', hr: 'h', hrs: 'h', day: 'd'}

/** `5 minutes` and `5 s`, as harness writes them. */
function asDuration(text: string): string | undefined {
  const [, amount, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(text) ?? []
  const short = units[unit.slice(0, 3).toLowerCase()] ?? unit.toLowerCase()
  const written = `${amount ?? ''}${short}`
  return parseDuration(written) === undefined ? undefined : `write ${written}`
}

/** A duration that is not 0. */
export function readPause(reading: Reading, place: Maybe<Place>, why?: string): Maybe<number> {
  const duration = readDuration(reading, place)
  if (place === undefined || duration !== 0) return duration
  return expected(reading, place, 'longer than 0', {suggestion: why})
}

/** Bytes. */
export function readSize(reading: Reading, place: Maybe<Place>, min: number): Maybe<number> {
  if (place === undefined) return undefined
  const what = `a size like 512KB, 10MB or 1GB, of at least ${formatSize(min)}`
  const text = readText(reading, place, what)
  if (text === undefined) return undefined
  const bytes = parseSize(text)
  return bytes !== undefined && bytes >= min ? bytes : expected(reading, place, what)
}

export interface NumberRange {
  readonly min: number
  readonly max?: number
  readonly whole?: boolean
}

/** A number, or a text (out of a variable) that is one. */
export function readNumber(reading: Reading, place: Maybe<Place>, range: NumberRange): Maybe<number> {
  if (place === undefined) return undefined
  const limit = range.max === undefined ? `of at least ${range.min}` : `from ${range.min} to ${range.max}`
  const what = `a ${range.whole === false ? '' : 'whole '}number ${limit}`
  const text = readText(reading, place, what)
  if (text === undefined) return undefined
  const number = /^[-+]?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  const fits = number >= range.min && number <= (range.max ?? Number.MAX_SAFE_INTEGER)
  return fits && (range.whole === false || Number.isInteger(number)) ? number : expected(reading, place, what)
}

/** `true` or `false`, also as a text out of a variable. */
export function readBoolean(reading: Reading, place: Maybe<Place>): Maybe<boolean> {
  if (place === undefined) return undefined
  if (place.node.kind === 'scalar' && typeof place.node.value === 'boolean') return place.node.value
  const text = readText(reading, place, 'true or false')
  if (text === undefined) return undefined
  return text === 'true' ? true : text === 'false' ? false : expected(reading, place, 'true or false')
}

/** One of a few words. Each may have other spellings that mean the same; `meant` is for words of others that are refused. */
export function readChoice<Choice extends string>(
  reading: Reading,
  place: Maybe<Place>,
  choices: Readonly<Record<string, Choice>>,
  meant: Readonly<Record<string, NoInfer<Choice>>> = {},
): Maybe<Choice> {
  if (place === undefined) return undefined
  const shown = [...new Set(Object.values(choices))]
  const what = `one of ${shown.join(', ')}`
  const {node} = place
  const isBoolean = node.kind === 'scalar' && typeof node.value === 'boolean'
  const text = isBoolean ? node.text : readText(reading, place, what)
  if (text === undefined) return undefined
  if (Object.hasOwn(choices, text)) return choices[text]
  const other = Object.hasOwn(meant, text) ? meant[text] : undefined
  const near = suggest(text, Object.keys(choices))
  const best = other ?? (near === undefined ? undefined : choices[near])
  const suggestion = best === undefined ? undefined : `did you mean '${best}'?`
  return expected(reading, place, what, {suggestion})
}

/** A list, each item by its own reader; items that cannot be read are left out. */
export function readList<Item>(
  reading: Reading,
  place: Maybe<Place>,
  item: (reading: Reading, place: Place) => Maybe<Item>,
): Maybe<Item[]> {
  if (place === undefined) return undefined
  if (place.node.kind !== 'sequence') return expected(reading, place, 'a list', {suggestion: asList(place)})
  return itemsOf(place).flatMap((each) => {
    if (isNull(each.node)) {
      return expected(reading, each, 'a value', {otherwise: [], suggestion: 'remove it, or write what is meant'})
    }
    return item(reading, each) ?? []
  })
}

/** One value where a list of one is meant. */
export function asList({node}: Place): string | undefined {
  return node.kind === 'scalar' && node.value !== null && /^[^\s,[\]{}]{1,40}$/.test(node.text)
    ? `write [${node.text}]`
    : undefined
}
