import {readFileSync, statSync} from 'node:fs'
import path from 'node:path'
import {systemCode} from '../base/errors.js'
import {readDotenv} from './dotenv.js'
import {openFields} from './fields.js'
import {keyNames} from './keys/names.js'
import type {Place} from './node.js'
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

const maxBytes = 1024 * 1024

function variablesOf(
  reading: Reading,
  place: Place,
  {required, format}: {readonly required: boolean; readonly format: 'compose' | 'raw'},
): Env | undefined {
  const given = readText(reading, place, 'the path of a file with variables')
  if (given === undefined) return undefined
  const file = path.resolve(place.node.span.source.directory, given)
  const refuse = (reason: string): void => {
    const message = `${place.path} names '${given}', which cannot be read: ${reason}.`
    const suggestion = reason === missing ? 'write {path, required: false} when it may be missing' : undefined
    reading.problems.add(place, {code: 'CONFIG_INVALID_VALUE', message, suggestion})
  }
  const text = readVariables(file)
  if ('reason' in text) {
    if (text.reason === missing && !required) return undefined
    refuse(text.reason)
    return undefined
  }
  const {variables, problems} = readDotenv(text.text, {format, variables: reading.variables})
  for (const problem of problems) reading.problems.pushLine(shownBeside(place, given), problem, place.path)
  return new Map([...variables].map(([name, value]) => [name, {value: escapeTemplate(value), place}]))
}

const missing = 'there is no such file'

/** As people find it from where they are, which is how the file that names it is shown as well. */
function shownBeside({node}: Place, given: string): string {
  const folder = path.dirname(node.span.source.file)
  return folder === '.' || path.isAbsolute(given) ? given : path.join(folder, given)
}

function readVariables(file: string): {readonly text: string} | {readonly reason: string} {
  try {
    const found = statSync(file)
    if (found.isDirectory()) return {reason: 'it is a folder'}
    if (found.size > maxBytes) return {reason: 'it is larger than 1 MiB'}
    return {text: new TextDecoder('utf-8', {fatal: true}).decode(readFileSync(file))}
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT') return {reason: missing}
    return {reason: error instanceof TypeError ? 'it is not UTF-8 text' : (code ?? 'it cannot be read')}
  }
}
