import type {HealthQuestion, HealthRecipe} from '../manifest.js'
import type {Field} from './fields.js'
import {readScript} from './read-script.js'

const kinds = ['http', 'tcp', 'command'] as const
const timing = ['interval', 'start_interval', 'timeout', 'retries', 'startup_timeout'] as const

type OfHealth = (key: (typeof kinds | typeof timing)[number] | 'args') => Field

/** What a health check of the stack file can say, as far as it can be asked on the machine itself. */
export function readHealth(field: Field): HealthRecipe | undefined {
  if (!field.isThere) return undefined
  const key = field.keys(...kinds, 'args', ...timing)
  const given = kinds.filter((kind) => key(kind).isThere)
  const [kind] = given
  if (kind === undefined || given.length > 1) {
    const found = kind === undefined ? 'none' : given.join(' and ')
    throw field.problem(`'health' needs exactly one of ${kinds.join(', ')}, and has ${found}`)
  }
  if (kind !== 'command' && key('args').isThere) throw field.problem("'health.args' belongs to 'command'")
  return {
    check: readers[kind](key(kind), key),
    intervalMs: key('interval').duration() ?? 10_000,
    startIntervalMs: key('start_interval').duration() ?? 250,
    timeoutMs: key('timeout').duration() ?? 5000,
    retries: key('retries').whole(1) ?? 3,
    startupTimeoutMs: key('startup_timeout').duration() ?? 60_000,
  }
}

const readers: Readonly<Record<(typeof kinds)[number], (field: Field, key: OfHealth) => HealthQuestion>> = {
  http(field) {
    const isLong = typeof field.value === 'object'
    const key = isLong ? field.keys('url', 'expected_status', 'expected_body') : undefined
    const at = key?.('url') ?? field
    const url = at.needed(at.text('a URL'), 'a URL')
    if (!/^http:\/\//.test(url)) throw at.expected('a URL that begins with http://')
    const expectedStatus = key?.('expected_status').scalar() ?? '200-299'
    if (!/^[1-5]\d\d(-[1-5]\d\d)?(,[1-5]\d\d(-[1-5]\d\d)?)*$/.test(expectedStatus))
      throw field.at('expected_status').expected("HTTP status codes, like 200, '200-299' or '200,204'")
    const expectedBody = key?.('expected_body').text()
    return {kind: 'http', url, expectedStatus, ...(expectedBody !== undefined && {expectedBody})}
  },
  tcp(field) {
    const text = field.needed(field.scalar("a port or 'host:port'"), "a port or 'host:port'")
    const colon = text.startsWith('$') ? -1 : text.lastIndexOf(':')
    const host = colon === -1 ? '127.0.0.1' : text.slice(0, colon)
    const port = text.slice(colon + 1)
    const isPort = port.startsWith('$') || (/^\d+$/.test(port) && Number(port) > 0 && Number(port) < 65_536)
    if (!isPort || host === '') throw field.expected("a port or 'host:port'")
    return {kind: 'tcp', host, port}
  },
  command(field, key) {
    const args = key('args').texts()
    const line = readScript(field)
    if (line === undefined) throw field.expected('a command')
    if (!args) return {kind: 'command', command: line}
    if (typeof line !== 'string') throw field.problem("'health.args' cannot stand beside a whole line as a list")
    return {kind: 'command', command: [line, ...args]}
  },
}
