import type {ProbeCheck} from '../contract/probe.js'
import {openFields, type Fields} from './fields.js'
import {keyNames} from './keys/names.js'
import {entriesOf, type Place} from './node.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {readEnv} from './read-env.js'
import {readProgram} from './read-command-line.js'
import {parseTemplate} from './template.js'
import {expected, needed, readChoice, readPattern, readTemplate, readText} from './values.js'

/** What a check says, and the timeout that may stand inside its long form. */
export interface ReadCheck {
  readonly check: ProbeCheck
  readonly timeout?: Place | undefined
}

/** A URL, or `{url, method, headers, expected_status, expected_body}`. */
export function readHttpCheck(reading: Reading, place: Place, pointer: string): ReadCheck | undefined {
  const defaults = {kind: 'http', method: 'GET', headers: {}, expectedStatus: '200-299'} as const
  if (place.node.kind !== 'map') {
    const url = readUrl(reading, place, pointer)
    return url === undefined ? undefined : {check: {...defaults, url}}
  }
  const field = openFields(reading, place, {keys: keyNames.httpCheck, what: 'an http check'})
  const url = readUrl(reading, needed(reading, place, field('url'), "a 'url'"), pointer)
  const headers = [...readEnv(reading, field('headers'))].map(([name, header]) => [name, header.value ?? ''] as const)
  for (const [name, entry] of field('headers') ? entriesOf(field('headers') ?? place) : []) {
    mark(reading, pointerTo(pointerTo(pointer, 'headers'), name), entry)
  }
  const expectedBody = readTemplate(reading, field('expected_body'))
  if (url === undefined) return undefined
  const check: ProbeCheck = {
    ...defaults,
    url,
    method: readMethod(reading, field('method')) ?? defaults.method,
    headers: Object.fromEntries(headers),
    expectedStatus: readStatus(reading, field('expected_status')) ?? defaults.expectedStatus,
    ...(expectedBody === undefined ? {} : {expectedBody}),
  }
  return {check, timeout: field('timeout')}
}

/** A port, `host:port`, or `{host, port}`; either may be a reference. */
export function readTcpCheck(reading: Reading, place: Place, pointer: string): ReadCheck | undefined {
  if (place.node.kind !== 'map') {
    const text = readTemplate(reading, place, "a port or 'host:port'")
    if (text === undefined) return undefined
    const [host, port] = splitAddress(text)
    const number = readPortText(reading, place, port)
    mark(reading, pointerTo(pointer, 'host'), place)
    mark(reading, pointerTo(pointer, 'port'), place)
    return number === undefined ? undefined : {check: {kind: 'tcp', host: host ?? 'localhost', port: number}}
  }
  const field = openFields(reading, place, {keys: keyNames.tcpCheck, what: 'a tcp check'})
  const at = needed(reading, place, field('port'), "a 'port'")
  const text = readTemplate(reading, at)
  const port = at === undefined || text === undefined ? undefined : readPortText(reading, at, text)
  mark(reading, pointerTo(pointer, 'host'), field('host') ?? place)
  mark(reading, pointerTo(pointer, 'port'), at ?? place)
  const host = readTemplate(reading, field('host')) ?? 'localhost'
  return port === undefined ? undefined : {check: {kind: 'tcp', host, port}, timeout: field('timeout')}
}

/** A regular expression, or `{pattern}`. Whether it is one is checked with the definition. */
export function readLogCheck(reading: Reading, place: Place, pointer: string): ReadCheck | undefined {
  const isMap = place.node.kind === 'map'
  const field = isMap ? openFields(reading, place, {keys: keyNames.logCheck, what: 'a log check'}) : undefined
  const at = field ? needed(reading, place, field('pattern'), "a 'pattern'") : place
  const pattern = readPattern(reading, at, 'a regular expression')
  if (at) mark(reading, pointerTo(pointer, 'pattern'), at)
  if (at === undefined || pattern === undefined) return undefined
  if (pattern === '') return expected(reading, at, 'a regular expression')
  return {check: {kind: 'log', pattern}, timeout: field?.('timeout')}
}

const onChoices = {service: 'service', host: 'host'} as const

type Beside = Fields<'args' | 'on'>

/** A program with `args` and `on` beside it, the whole line as a list, or `{program, args, on}`. */
export function readCommandCheck(
  reading: Reading,
  beside: Beside,
  place: Place,
  pointer: string,
): ReadCheck | undefined {
  if (place.node.kind !== 'map') return readCommand(reading, beside, place, pointer)
  const field = openFields(reading, place, {keys: keyNames.commandCheck, what: 'a command check'})
  const program = needed(reading, place, field('program'), "a 'program'")
  const read = program && readCommand(reading, field, program, pointer)
  return read && {...read, timeout: field('timeout')}
}

function readCommand(reading: Reading, field: Beside, place: Place, pointer: string): ReadCheck | undefined {
  const on = readChoice(reading, field('on'), onChoices) ?? 'service'
  const line = readProgram(reading, {program: place, args: field('args')}, pointer)
  return line && {check: {kind: 'command', ...line, on}}
}

function readUrl(reading: Reading, place: Place | undefined, pointer: string): string | undefined {
  const url = readTemplate(reading, place, 'a URL')
  if (place === undefined || url === undefined) return undefined
  mark(reading, pointerTo(pointer, 'url'), place)
  if (/^(https?:\/\/|\$\{)/i.test(url)) return url
  const suggestion = /^[\w.-]+(:\d+)?(\/\S*)?$/.test(url) ? `write 'http://${url}'` : undefined
  return expected(reading, place, 'a URL that begins with http:// or https://', {suggestion})
}

function readMethod(reading: Reading, place: Place | undefined): string | undefined {
  const method = readText(reading, place)?.toUpperCase()
  if (place === undefined || method === undefined || /^[A-Z]+$/.test(method)) return method
  return expected(reading, place, 'an HTTP method, like GET')
}

function readStatus(reading: Reading, place: Place | undefined): string | undefined {
  const status = readText(reading, place)?.replaceAll(' ', '')
  const one = '[1-5]\\d\\d(-[1-5]\\d\\d)?'
  if (place === undefined || status === undefined || new RegExp(`^${one}(,${one})*$`).test(status)) return status
  return expected(reading, place, "HTTP status codes, like 200, '200-299' or '200,204'")
}

function readPortText(reading: Reading, place: Place, text: string): number | string | undefined {
  if (parseTemplate(text).some((part) => part.kind === 'reference')) return text
  if (/^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) <= 65_535) return Number(text)
  return expected(reading, place, 'a port from 1 to 65535, or a reference to one')
}

/** Cuts at the last colon; references hold none. */
function splitAddress(text: string): readonly [host: string | undefined, port: string] {
  const colon = text.lastIndexOf(':')
  if (colon < 0) return [undefined, text]
  return [text.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), text.slice(colon + 1)]
}
