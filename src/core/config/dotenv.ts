import {interpolate, type Variables} from './interpolate.js'

export interface DotenvOptions {
  /** `raw`: each value is taken as it is written after its `=`, quotes and `$` included. @default 'compose' */
  readonly format?: 'compose' | 'raw'
  /** The caller's variables. Interpolation looks here first, then at what the file has set so far. */
  readonly variables?: Variables
}

interface DotenvProblem {
  /** `syntax`: the line is none of a file of variables; `variable`: a variable that it refers to is not as it must be. */
  readonly about: 'syntax' | 'variable'
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  readonly message: string
  readonly severity: 'error' | 'warning'
  readonly suggestion?: string
}

export interface Dotenv {
  /** All that could be read, problems or not. */
  readonly variables: ReadonlyMap<string, string>
  readonly problems: readonly DotenvProblem[]
}

/**
 * Reads a file of variables by the rules of compose-spec ("Env_file format"). As in Compose the caller's variables stand above those
 * further up in the file when a value is filled in, a name alone takes the caller's value, and of two equal names the last one counts.
 * Messages never show a value: it may be a secret.
 */
export function readDotenv(text: string, options: DotenvOptions = {}): Dotenv {
  const given = options.variables ?? (() => undefined)
  const variables = new Map<string, string>()
  const reading: Reading = {
    text: text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n'),
    given,
    variables,
    lookup: (name) => given(name) ?? variables.get(name),
    problems: [],
    counted: {line: 1, at: 0, start: 0},
  }
  const readLine = options.format === 'raw' ? readRawLine : readComposeLine
  let at = 0
  while (at < reading.text.length && countOf(reading, 'error') < maxProblems) at = readLine(reading, at)
  return {variables, problems: reading.problems}
}

/** The variables alone. */
export function parseDotenv(text: string): ReadonlyMap<string, string> {
  return readDotenv(text).variables
}

/** Of each severity. What is no file of variables at all need not be told of line by line. */
const maxProblems = 20

interface Reading {
  readonly text: string
  readonly given: Variables
  readonly variables: Map<string, string>
  readonly lookup: Variables
  readonly problems: DotenvProblem[]
  /** Lines are counted as far as somebody asked. */
  readonly counted: {line: number; at: number; start: number}
}

/** Reads the line, with a quoted value all of its lines, and answers where the next one begins. */
function readComposeLine(reading: Reading, start: number): number {
  const {text} = reading
  const at = match(/[^\S\n]*/y, text, start).end
  const {line, next} = lineAt(text, at)
  if (line === '' || line.startsWith('#')) return next
  const head = match(/(?:export[^\S\n]+)?([\p{L}\p{N}_.[\]-]+)[^\S\n]*(=|:|$)[^\S\n]*/muy, text, at)
  const [, name, separator] = head.groups
  if (name === undefined) {
    complain(reading, at, notAVariable(line))
    return next
  }
  if (separator === '') {
    inherit(reading, name)
    return next
  }
  const quote = text[head.end]
  if (quote === '"' || quote === "'") return readQuoted(reading, {name, at: head.end, quote})
  const value = line.slice(head.end - at).replace(commentOf(text[head.end - 1]), '')
  fillIn(reading, {name, at: head.end}, value.trimEnd())
  return next
}

/** A comment begins at a `#` with a space before it, which may be the one behind the `=`. */
function commentOf(before: string | undefined): RegExp {
  return before === ' ' || before === '\t' ? /(?:^|[ \t])#.*/ : /[ \t]#.*/
}

interface Value {
  readonly name: string
  readonly at: number
}

function readQuoted(reading: Reading, {name, at, quote}: Value & {readonly quote: string}): number {
  const {text} = reading
  const {end, groups} = match(quote === '"' ? /"((?:[^"\\]|\\[^])*)"/y : /'((?:[^'\\]|\\[^])*)'/y, text, at)
  const [, inside] = groups
  if (inside === undefined) {
    complain(reading, at, {
      message: `The value of ${name} begins with ${quote} and never ends.`,
      suggestion: `add a ${quote}`,
    })
    return text.length
  }
  const {line: rest, next} = lineAt(text, end)
  if (!/^\s*(#|$)/.test(rest)) {
    const message = `After the value of ${name} in quotes only a comment may follow.`
    complain(reading, end, {message, suggestion: `a ${quote} inside of it is written \\${quote}`})
  } else if (quote === '"') fillIn(reading, {name, at}, unescape(inside))
  else
    set(
      reading,
      {name, at},
      inside.replaceAll(/\\([\\'])/g, (pair, character) => (character === "'" ? "'" : pair)),
    )
  return next
}

const escapes: Readonly<Record<string, string>> = {
  ...{a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '"': '"', '\\': '\\'},
  // Filled in afterwards, where `$$` is a dollar.
  $: '$$',
}

/** The shell's escapes, `\0123` in octal among them. What is none stays as it is. */
function unescape(text: string): string {
  return text.replaceAll(/\\(?:0([0-3][0-7]{2})|([^]))/g, (written, octal?: string, character?: string) =>
    octal === undefined ? (escapes[character ?? ''] ?? written) : String.fromCodePoint(Number.parseInt(octal, 8)),
  )
}

function fillIn(reading: Reading, {name, at}: Value, template: string): void {
  const {text, findings} = interpolate(template, 'text', reading.lookup)
  for (const {code, severity = 'error', message, suggestion} of findings) {
    const about = code === 'CONFIG_UNSET_VARIABLE' ? 'variable' : 'syntax'
    const complaint = {about, message: `${name}: ${message}`, ...(suggestion !== undefined && {suggestion})} as const
    complain(reading, at, complaint, severity)
  }
  set(reading, {name, at}, text)
}

/** Names and values as they stand. A line may begin with spaces, a name has none. */
function readRawLine(reading: Reading, start: number): number {
  const at = match(/[^\S\n]*/y, reading.text, start).end
  const {line, next} = lineAt(reading.text, at)
  if (line === '' || line.startsWith('#')) return next
  const [, name, value] = /^([^\s=]+)(?:=(.*))?$/s.exec(line) ?? []
  if (name === undefined) complain(reading, at, notAVariable(line))
  else if (value === undefined) inherit(reading, name)
  else set(reading, {name, at: at + name.length + 1}, value)
  return next
}

function inherit({given, variables}: Reading, name: string): void {
  const value = given(name)
  if (value !== undefined) variables.set(name, value)
}

function set(reading: Reading, {name, at}: Value, value: string): void {
  if (value.includes('\0'))
    complain(reading, at, {message: `The value of ${name} has a NUL in it, which no variable can have.`})
  else reading.variables.set(name, value)
}

type Complaint = Partial<Pick<DotenvProblem, 'about'>> & Pick<DotenvProblem, 'message' | 'suggestion'>

function notAVariable(line: string): Complaint {
  const suggestion = "write 'NAME=value', or '#' before a comment"
  const written = line.slice(0, Math.max(0, line.search(/[=:]/))).trim()
  if (/^\s*[=:]/.test(line)) return {message: 'A name is missing here.', suggestion}
  if (written === '') return {message: 'This line is neither NAME=value nor a comment.', suggestion}
  const name = written.length > 40 ? `${written.slice(0, 40)}…` : written
  return {message: `'${name}' cannot be the name of a variable: letters, digits, _ . and - only.`, suggestion}
}

function complain(
  reading: Reading,
  at: number,
  complaint: Complaint,
  severity: DotenvProblem['severity'] = 'error',
): void {
  const {text, counted, problems} = reading
  if (countOf(reading, severity) >= maxProblems) return
  for (let end = text.indexOf('\n', counted.at); end >= 0 && end < at; end = text.indexOf('\n', end + 1)) {
    counted.line += 1
    counted.start = counted.at = end + 1
  }
  problems.push({about: 'syntax', line: counted.line, column: at - counted.start + 1, ...complaint, severity})
}

function countOf({problems}: Reading, severity: DotenvProblem['severity']): number {
  return problems.filter((each) => each.severity === severity).length
}

/** What is left of a line, and where the next one begins. */
function lineAt(text: string, at: number): {readonly line: string; readonly next: number} {
  const end = text.indexOf('\n', at)
  return end < 0 ? {line: text.slice(at), next: text.length} : {line: text.slice(at, end), next: end + 1}
}

/** What a sticky pattern finds at an offset. */
function match(
  pattern: RegExp,
  text: string,
  at: number,
): {readonly end: number; readonly groups: readonly (string | undefined)[]} {
  pattern.lastIndex = at
  const groups = pattern.exec(text)
  return groups ? {end: pattern.lastIndex, groups} : {end: at, groups: []}
}
