import path from 'node:path'
import type {SecretSource} from '../contract/stack.js'
import {openFields} from './fields.js'
import {keyNames} from './keys/names.js'
import {entriesOf, isNull, type Place} from './node.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {locationOf} from './source.js'
import {expected, readList, readText} from './values.js'

/** Where each secret comes from. Nothing is read yet: only a start needs the values. */
export function readSecrets(
  reading: Reading,
  place: Place | undefined,
): Readonly<Record<string, SecretSource>> | undefined {
  if (place === undefined) return undefined
  if (place.node.kind !== 'map') return expected(reading, place, 'a map of names')
  mark(reading, '/secrets', place)
  return Object.fromEntries(
    entriesOf(place).map(([name, entry]) => {
      mark(reading, pointerTo('/secrets', name), entry)
      if (!/^\w[\w-]*$/.test(name)) refuseName(reading, name, entry)
      // What cannot be read has its name all the same: those who name it are right.
      return [name, readSecret(reading, entry) ?? {env: name}]
    }),
  )
}

function refuseName(reading: Reading, name: string, place: Place): void {
  const message = `${place.path}: '${name}' is not a name of a secret: letters, digits, - and _, no - first.`
  reading.problems.add(place, {code: 'CONFIG_INVALID_NAME', message}, 'key')
}

function readSecret(reading: Reading, place: Place): SecretSource | undefined {
  const what = 'where the secret comes from: {env: VARIABLE}, {file: PATH} or {command: [PROGRAM, …]}'
  if (isNull(place.node)) return expected(reading, place, what)
  if (place.node.kind !== 'map') {
    refuseValue(reading, place, what)
    return undefined
  }
  const field = openFields(reading, place, {keys: keyNames.secret, what: 'a secret'})
  const given = keyNames.secret.filter((key) => field(key) !== undefined)
  if (given.length !== 1) {
    const message = `${place.path} needs exactly one of env, file and command, got ${given.length === 0 ? 'none' : given.join(' and ')}.`
    const code = given.length === 0 ? 'CONFIG_MISSING_KEY' : 'CONFIG_INVALID_VALUE'
    reading.problems.add(place, {code, message}, 'key')
    return undefined
  }
  const env = readText(reading, field('env'), 'the name of a variable')
  if (env !== undefined) return {env}
  const at = field('file')
  const file = readText(reading, at, 'the path of a file')
  if (at && file !== undefined) return {file: path.resolve(at.node.span.source.directory, file)}
  const command = readCommand(reading, field('command'))
  return command && {command}
}

/** It may be the secret: neither the message nor the frame shows it. */
function refuseValue(reading: Reading, place: Place, what: string): void {
  const {file, line, column} = locationOf(place.node.span)
  reading.problems.push({
    severity: 'error',
    code: 'CONFIG_INVALID_VALUE',
    message: `${place.path} must be ${what}, got a value.`,
    path: place.path,
    ...{file, line, column},
    suggestion: 'the value itself never stands in the file',
  })
}

/** It is run before anything is started: nothing of it is a template. */
function readCommand(reading: Reading, place: Place | undefined): readonly string[] | undefined {
  if (place === undefined) return undefined
  const what = 'the name of a program, or a list of it and its arguments'
  const isList = place.node.kind === 'sequence'
  const words = isList
    ? (readList(reading, place, readText) ?? [])
    : [readText(reading, place, what)].filter((word) => word !== undefined)
  return words[0] === undefined || words[0].trim() === '' ? expected(reading, place, what) : words
}
