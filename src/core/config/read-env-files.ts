import path from 'node:path'
import {readDotenv} from './dotenv.js'
import {openFields} from './fields.js'
import {keyNames} from './keys/names.js'
import type {Place} from './node.js'
import {readBounded, type Bounded} from './read-bounded.js'
import type {Env} from './read-env.js'
import type {Reading} from './reading.js'
import {escapeTemplate} from './template.js'
import {needed, readBoolean, readChoice, readList, readText} from './values.js'

const formats = {compose: 'compose', raw: 'raw'} as const

/** A path, or a list of paths and `{path, required, format}`. A layer for each file, the last one on top. */
export function readEnvFiles(reading: Reading, place: Place | undefined): readonly Env[] {
  if (place === undefined) return []
  if (place.node.kind !== 'sequence') return [readEnvFile(reading, place)].flatMap((env) => env ?? [])
  return readList(reading, place, readEnvFile) ?? []
}

function readEnvFile(reading: Reading, place: Place): Env | undefined {
  if (place.node.kind !== 'map') return variablesOf(reading, place, {required: true, format: 'compose'})
  const field = openFields(reading, place, {keys: keyNames.envFile, what: 'an env_file'})
  const at = needed(reading, place, field('path'), "a 'path'")
  const required = readBoolean(reading, field('required')) ?? true
  const format = readChoice(reading, field('format'), formats) ?? 'compose'
  return at && variablesOf(reading, at, {required, format})
}

function variablesOf(
  reading: Reading,
  place: Place,
  {required, format}: {readonly required: boolean; readonly format: 'compose' | 'raw'},
): Env | undefined {
  const given = readText(reading, place, 'the path of a file with variables')
  if (given === undefined) return undefined
  const file = path.resolve(place.node.span.source.directory, given)
  const read = textOf(file)
  if (read.kind === 'missing' && !required) return undefined
  if (read.kind !== 'text') {
    const message = `${place.path} names '${given}', which cannot be read: ${read.reason}.`
    const suggestion = read.kind === 'missing' ? 'write {path, required: false} when it may be missing' : undefined
    reading.problems.add(place, {code: 'CONFIG_INVALID_VALUE', message, suggestion})
    return undefined
  }
  const {variables, problems} = readDotenv(read.text, {format, variables: reading.variables})
  for (const problem of problems) reading.problems.pushLine(shownBeside(place, given), problem, place.path)
  return new Map([...variables].map(([name, value]) => [name, {value: escapeTemplate(value), place}]))
}

/** As people find it from where they are, which is how the file that names it is shown as well. */
function shownBeside({node}: Place, given: string): string {
  const folder = path.dirname(node.span.source.file)
  return folder === '.' || path.isAbsolute(given) ? given : path.join(folder, given)
}

type VariablesText = Exclude<Bounded, {readonly kind: 'read'}> | {readonly kind: 'text'; readonly text: string}

function textOf(file: string): VariablesText {
  const read = readBounded(file)
  if (read.kind !== 'read') return read
  try {
    return {kind: 'text', text: new TextDecoder('utf-8', {fatal: true}).decode(read.bytes)}
  } catch {
    return {kind: 'unreadable', reason: 'it is not UTF-8 text'}
  }
}
