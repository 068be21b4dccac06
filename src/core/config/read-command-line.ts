import type {CommandLine} from '../contract/stack.js'
import {openFields} from './fields.js'
import {keyNames} from './keys/names.js'
import type {Place} from './node.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {expected, needed, readList, readTemplate} from './values.js'

/** A program, the whole line as a list, or `{program, args}`. */
export function readCommandLine(reading: Reading, place: Place | undefined, pointer: string): CommandLine | undefined {
  if (place === undefined) return undefined
  mark(reading, pointer, place)
  if (place.node.kind !== 'map') return readProgram(reading, {program: place, args: undefined}, pointer)
  const field = openFields(reading, place, {keys: keyNames.command, what: 'a command'})
  const program = needed(reading, place, field('program'), "a 'program'")
  return program && readProgram(reading, {program, args: field('args')}, pointer)
}

/** A program or the list of it and its first arguments, and what stands beside it as `args`. */
export function readProgram(
  reading: Reading,
  places: {readonly program: Place; readonly args: Place | undefined},
  pointer: string,
): CommandLine | undefined {
  const {program: place} = places
  const args = readList(reading, places.args, readTemplate) ?? []
  mark(reading, pointerTo(pointer, 'program'), place)
  mark(reading, pointerTo(pointer, 'args'), places.args ?? place)
  const isList = place.node.kind === 'sequence'
  const what = 'the name of a program, or a list of it and its arguments'
  const line = isList ? (readList(reading, place, readTemplate) ?? []) : [readTemplate(reading, place, what)]
  const [program, ...first] = line.filter((word) => word !== undefined)
  if (program === undefined) return isList ? expected(reading, place, 'a program and its arguments') : undefined
  if (program.trim() === '') return expected(reading, place, what)
  if (!isList && args.length === 0) warnOfShellLine(reading, place, program)
  return {program, args: [...first, ...args]}
}

/** `command: curl -f localhost` would look for a program of that whole name. */
function warnOfShellLine(reading: Reading, place: Place, program: string): void {
  if (!/^\S+\s/.test(program)) return
  const message = `${place.path} names a program with spaces in it; no shell takes it apart.`
  const suggestion = `write [${program.trim().split(/\s+/).join(', ')}]`
  reading.problems.add(place, {severity: 'warning', code: 'CONFIG_INVALID_VALUE', message, suggestion})
}
