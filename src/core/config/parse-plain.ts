import {exactNumber, type Entry, type Node, type ScalarNode} from './node.js'
import type {Source, Span} from './source.js'

/**
 * Reads the YAML that most stack files are written in: maps and lists by indentation, `{…}` and `[…]` in one line, words, numbers and plain
 * quotes. It answers exactly what `parseYaml` would, an order of magnitude sooner and without its library; `undefined` for everything else,
 * right or wrong: that is not for here.
 */
export function parsePlain(source: Source): Node | undefined {
  const {text} = source
  if (strange.test(text)) return undefined
  const cursor: Cursor = {source, text: text.endsWith('\n') ? text : `${text}\n`, at: 0, column: 0, left: maxValues}
  nextLine(cursor)
  const node = cursor.column === 0 ? readMap(cursor, 0, 1) : undefined
  return cursor.column === end ? node : undefined
}

/** Tabs, control characters and the other ends of lines that Unicode has. */
const strange = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/

/** Below what `parseYaml` allows. */
const maxDepth = 16
const maxValues = 150_000

/** Stands before something, at this column of its line; `end` after the last line. */
interface Cursor {
  readonly source: Source
  /** Ends with a line. */
  readonly text: string
  at: number
  column: number
  /** So many values more. */
  left: number
}

const end = -1

const gap = /(?: *(?:#.*)?\n)* */y
const key = /([A-Za-z_][\w./-]{0,99}):(?=[ \n])/y
const spaces = / */y
const rest = / *\n| +#.*\n/y
const word = /(?:[^\s\-?:,[\]{}#&*!|>'"%@`]|-(?=\S))(?:[^\n :#]+|:(?=[^ \n])|#| +(?=[^ \n#]))*/y
const flowWord =
  /(?:[^\s\-?:,[\]{}#&*!|>'"%@`]|-(?=[^\s,[\]{}]))(?:[^\n :#,[\]{}]+|:(?=[^ \n,[\]{}])|#| +(?=[^ \n#:,[\]{}]))*/y
const quoted = /"[^"\\\n]*"|'[^'\n]*'(?!')/y

/** Goes to the first letter of the next line that says something. */
function nextLine(cursor: Cursor): void {
  take(gap, cursor)
  cursor.column = cursor.at === cursor.text.length ? end : cursor.at - 1 - cursor.text.lastIndexOf('\n', cursor.at - 1)
}

/** Nothing but a comment may follow in the line. */
function endLine(cursor: Cursor): boolean {
  if (take(rest, cursor) === undefined) return false
  nextLine(cursor)
  return true
}

function readMap(cursor: Cursor, indent: number, depth: number): Node | undefined {
  const {source, at: start} = cursor
  const entries = new Map<string, Entry>()
  do {
    const span = readKey(cursor, entries)
    if (span === undefined) return undefined
    const value = endLine(cursor) ? readBlock(cursor, indent, depth) : readLine(cursor, depth)
    if (value === undefined) return undefined
    entries.set(source.text.slice(span.start, span.end), {key: span, value})
  } while (cursor.column === indent && !isItem(cursor))
  if (cursor.column > indent) return undefined
  return {kind: 'map', tag: undefined, span: {source, start, end: cursor.at}, entries}
}

/** Under a key: deeper, or items as deep as the key. */
function readBlock(cursor: Cursor, indent: number, depth: number): Node | undefined {
  if (depth > maxDepth) return undefined
  if (isItem(cursor)) return cursor.column >= indent ? readItems(cursor, cursor.column, depth + 1) : undefined
  return cursor.column > indent ? readMap(cursor, cursor.column, depth + 1) : undefined
}

function readItems(cursor: Cursor, indent: number, depth: number): Node | undefined {
  const {source, at: start} = cursor
  const items: Node[] = []
  while (cursor.column === indent && isItem(cursor)) {
    const dash = cursor.at
    cursor.at += 1
    take(spaces, cursor)
    const item = sees(key, cursor) ? readMap(cursor, indent + cursor.at - dash, depth + 1) : readLine(cursor, depth)
    if (item === undefined) return undefined
    items.push(item)
  }
  if (cursor.column > indent || depth > maxDepth) return undefined
  return {kind: 'sequence', tag: undefined, span: {source, start, end: cursor.at}, items}
}

function isItem({text, at}: Cursor): boolean {
  return text[at] === '-' && text[at + 1] === ' '
}

/** A value with its line. */
function readLine(cursor: Cursor, depth: number): Node | undefined {
  take(spaces, cursor)
  const value = readValue(cursor, word, depth)
  return value && endLine(cursor) ? value : undefined
}

function readKey(cursor: Cursor, entries: ReadonlyMap<string, Entry>): Span | undefined {
  const {source, at: start} = cursor
  const [, name] = take(key, cursor) ?? []
  if (name === undefined || entries.has(name) || name === '__proto__' || constant.test(name)) return undefined
  return {source, start, end: start + name.length}
}

function readValue(cursor: Cursor, words: RegExp, depth: number): Node | undefined {
  const {source, text, at: start} = cursor
  cursor.left -= 1
  if (depth > maxDepth || cursor.left < 0) return undefined
  switch (text[start]) {
    case '{':
      return readFlowMap(cursor, depth + 1)
    case '[':
      return readFlowItems(cursor, depth + 1)
    case '"':
    case "'": {
      const [written] = take(quoted, cursor) ?? []
      if (written === undefined) return undefined
      const value = written.slice(1, -1)
      return {kind: 'scalar', tag: undefined, span: {source, start, end: cursor.at}, value, text: value}
    }
    default: {
      const [written] = take(words, cursor) ?? []
      return written === undefined ? undefined : scalarOf(written, {source, start, end: cursor.at})
    }
  }
}

function readFlowMap(cursor: Cursor, depth: number): Node | undefined {
  const {source, at: start} = cursor
  const entries = new Map<string, Entry>()
  const isRead = readBetween(cursor, '}', () => {
    const span = readKey(cursor, entries)
    if (span === undefined) return false
    take(spaces, cursor)
    const value = readValue(cursor, flowWord, depth)
    if (value) entries.set(source.text.slice(span.start, span.end), {key: span, value})
    return value !== undefined
  })
  return isRead ? {kind: 'map', tag: undefined, span: {source, start, end: cursor.at}, entries} : undefined
}

function readFlowItems(cursor: Cursor, depth: number): Node | undefined {
  const {source, at: start} = cursor
  const items: Node[] = []
  const isRead = readBetween(cursor, ']', () => {
    const item = readValue(cursor, flowWord, depth)
    if (item) items.push(item)
    return item !== undefined
  })
  return isRead ? {kind: 'sequence', tag: undefined, span: {source, start, end: cursor.at}, items} : undefined
}

/** What stands between brackets, with commas between them. */
function readBetween(cursor: Cursor, close: string, read: () => boolean): boolean {
  const {text} = cursor
  cursor.at += 1
  take(spaces, cursor)
  if (text[cursor.at] !== close) {
    for (;;) {
      if (!read()) return false
      take(spaces, cursor)
      if (text[cursor.at] === close) break
      if (text[cursor.at] !== ',') return false
      cursor.at += 1
      take(spaces, cursor)
    }
  }
  cursor.at += 1
  return true
}

const number = /^[-+]?\d+(?:\.\d+)?$/
const constant = /^(?:null|true|false)$/i
/** Numbers in another spelling, and constants with capitals. */
const otherValue = /^(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|[-+]?\.inf|\.nan|0[ox][\da-f]+)$/i
const constants: ReadonlyMap<string, boolean | null> = new Map([
  ['~', null],
  ['null', null],
  ['true', true],
  ['false', false],
])

function scalarOf(text: string, span: Span): ScalarNode | undefined {
  const value = constants.get(text)
  if (value !== undefined) return {kind: 'scalar', tag: undefined, span, value, text}
  if (number.test(text)) return {kind: 'scalar', tag: undefined, span, value: exactNumber(Number(text), text), text}
  if (constant.test(text) || otherValue.test(text)) return undefined
  return {kind: 'scalar', tag: undefined, span, value: text, text}
}

function take(pattern: RegExp, cursor: Cursor): RegExpExecArray | undefined {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.text)
  if (found === null) return undefined
  cursor.at = pattern.lastIndex
  return found
}

function sees(pattern: RegExp, {text, at}: Cursor): boolean {
  pattern.lastIndex = at
  return pattern.test(text)
}
