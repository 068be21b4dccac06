import path from 'node:path'
import type {SecretSource} from '../contract/stack.js'
import {isExtension} from './fields.js'
import {keyNames} from './keys/names.js'
import {entriesOf, entryAt, isNull, type Node, type Place} from './node.js'
import type {Finding} from './problems.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {locationOf} from './source.js'
import {suggest} from './suggest.js'
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

/** Whatever is wrong may be the secret itself, the keys too: no message shows more than a key that nearly is one. */
function readSecret(reading: Reading, place: Place): SecretSource | undefined {
  const {node} = place
  if (isNull(node)) return expected(reading, place, where)
  if (node.kind !== 'map') {
    refuse(reading, place, {message: `${place.path} must be ${where}, got a value.`})
    return undefined
  }
  if (!hasKnownKeys(reading, place)) return undefined
  const [key, ...others] = keyNames.secret.filter((each) => entryAt(place, each) !== undefined)
  if (key !== undefined && others.length === 0) return readSource(reading, place, key)
  const got = key === undefined ? 'none' : [key, ...others].join(' and ')
  const code = key === undefined ? 'CONFIG_MISSING_KEY' : 'CONFIG_INVALID_VALUE'
  refuse(reading, place, {code, message: `${place.path} needs exactly one of env, file and command, got ${got}.`})
  return undefined
}

const where = 'where the secret comes from: {env: VARIABLE}, {file: PATH} or {command: [PROGRAM, …]}'

type Key = (typeof keyNames.secret)[number]

const kinds: Readonly<Record<Key, string>> = {
  env: 'the name of a variable',
  file: 'the path of a file',
  command: 'the name of a program, or a list of it and its arguments',
}

function readSource(reading: Reading, place: Place, key: Key): SecretSource | undefined {
  const at = entryAt(place, key)
  if (at === undefined || !isText(at.node, key === 'command')) {
    refuse(reading, at ?? place, {message: `${at?.path ?? place.path} must be ${kinds[key]}, got something else.`})
    return undefined
  }
  if (key === 'command') {
    const command = readCommand(reading, at)
    return command && {command}
  }
  const text = readText(reading, at, kinds[key])
  if (text === undefined) return undefined
  return key === 'env' ? {env: text} : {file: path.resolve(at.node.span.source.directory, text)}
}

function hasKnownKeys(reading: Reading, place: Place): boolean {
  const known: readonly string[] = keyNames.secret
  const [strange] = entriesOf(place).flatMap(([key]) => (isExtension(key) || known.includes(key) ? [] : [key]))
  if (strange === undefined) return true
  const meant = suggest(strange, known)
  refuse(reading, place, {
    code: 'CONFIG_UNKNOWN_KEY',
    message: `${place.path} has ${meant === undefined ? 'a key' : `the key '${strange}'`} that is none of a secret.`,
    suggestion: meant === undefined ? `write ${where.replace(/^.*: (?={env)/, '')}` : `did you mean '${meant}'?`,
  })
  return false
}

/** One text, or where it may be one a list of texts. */
function isText(node: Node, orList: boolean): boolean {
  if (node.kind === 'scalar') return node.value !== null && typeof node.value !== 'boolean'
  return orList && node.kind === 'sequence' && node.items.every((item) => isText(item, false))
}

/** Neither the message nor the frame shows what stands there. */
function refuse(reading: Reading, place: Place, finding: Partial<Finding> & Pick<Finding, 'message'>): void {
  const {file, line, column} = locationOf(place.key ?? place.node.span)
  const {code = 'CONFIG_INVALID_VALUE', message, suggestion = 'the value itself never stands in the file'} = finding
  reading.problems.push({severity: 'error', code, message, path: place.path, ...{file, line, column}, suggestion})
}

/** It is run before anything is started: nothing of it is a template. */
function readCommand(reading: Reading, place: Place): readonly string[] | undefined {
  const words =
    place.node.kind === 'sequence'
      ? (readList(reading, place, readText) ?? [])
      : [readText(reading, place, kinds.command)].filter((word) => word !== undefined)
  if (words[0] !== undefined && words[0].trim() !== '') return words
  refuse(reading, place, {message: `${place.path} must be ${kinds.command}, got none.`})
  return undefined
}
