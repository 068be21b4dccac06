import {isName} from '../base/ids.js'
import type {PortDefinition} from '../contract/stack.js'
import type {EndpointProtocol} from '../contract/workload.js'
import {openFields} from './fields.js'
import {keyNames, type KeyOf} from './keys/names.js'
import {entriesOf, itemsOf, type Place} from './node.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {badName, expected, readChoice, readName, readNumber, readText} from './values.js'

const protocols: Readonly<Record<EndpointProtocol, EndpointProtocol>> = {
  grpc: 'grpc',
  http: 'http',
  https: 'https',
  tcp: 'tcp',
  udp: 'udp',
  ws: 'ws',
  wss: 'wss',
}

type Numbers = Pick<PortDefinition, 'container' | 'port'>
type Read = Numbers & {readonly place: Place; readonly name?: string; readonly protocol?: EndpointProtocol}

/** A list, or a map of names. The first port without a name is `default`, further ones are called by their number. */
export function readPorts(reading: Reading, place: Place | undefined, pointer: string): PortDefinition[] {
  if (place === undefined) return []
  const read =
    place.node.kind === 'map'
      ? entriesOf(place).flatMap(([name, entry]) => namedPort(reading, name, entry) ?? [])
      : place.node.kind === 'sequence'
        ? itemsOf(place).flatMap((item) => readPort(reading, item, 'named') ?? [])
        : expected(reading, place, 'a list of ports or a map of named ports', {otherwise: []})
  const ports = new Map<string, PortDefinition>()
  for (const {place: origin, name: given, protocol, ...numbers} of read) {
    const name = given ?? freeName(ports, numbers)
    if (ports.has(name)) {
      const message = `${origin.path}: another port of this service is called '${name}' already.`
      reading.problems.add(origin, {code: 'CONFIG_DUPLICATE_KEY', message})
      continue
    }
    mark(reading, pointerTo(pointer, ports.size), origin)
    ports.set(name, {name, protocol: protocol ?? protocolOf(name), ...numbers})
  }
  return [...ports.values()]
}

function namedPort(reading: Reading, name: string, place: Place): Read | undefined {
  const valid: boolean = isName(name)
  if (!valid) {
    reading.problems.add(place, {code: 'CONFIG_INVALID_NAME', ...badName(`${place.path}: '${name}'`, name)}, 'key')
  }
  const read = readPort(reading, place, 'unnamed')
  return read && {...read, name}
}

function readPort(reading: Reading, place: Place, form: 'named' | 'unnamed'): Read | undefined {
  if (place.node.kind === 'map') return readLongPort(reading, place, form)
  const numbers = readShortPort(reading, place)
  return numbers && {...numbers, place}
}

function readLongPort(reading: Reading, place: Place, form: 'named' | 'unnamed'): Read {
  const keys: readonly KeyOf<'port'>[] = form === 'named' ? keyNames.port : keyNames.namedPort
  const field = openFields(reading, place, {keys, what: 'a port'})
  const container = readNumber(reading, field('container'), {min: 1, max: 65_535})
  const protocol = readChoice(reading, field('protocol'), protocols)
  const name = form === 'named' ? readName(reading, field('name')) : undefined
  return {
    place,
    port: readNumber(reading, field('port'), {min: 0, max: 65_535}) ?? 0,
    ...(container === undefined ? {} : {container}),
    ...(protocol === undefined ? {} : {protocol}),
    ...(name === undefined ? {} : {name}),
  }
}

/** `5432`, `"8080:80"` (host:container), `0` and `"0:80"` (allocated). */
function readShortPort(reading: Reading, place: Place): Numbers | undefined {
  const what = "a port: a number from 0 to 65535, 'host:container', or {port, container, protocol}"
  const text = readText(reading, place, what)
  if (text === undefined) return undefined
  const [, host, container] = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(text) ?? []
  if (host === undefined || Number(host) > 65_535) {
    return expected(reading, place, what, {suggestion: ofCompose(text)})
  }
  if (container === undefined) return {port: Number(host)}
  if (Number(container) > 65_535 || Number(container) === 0) return expected(reading, place, what)
  return {port: Number(host), container: Number(container)}
}

/** Ports as Compose files write them: with an address before them, a protocol behind them, or several at once. */
function ofCompose(text: string): string | undefined {
  const [, address, ports = '', protocol] = /^(?:(.*?):)??(\d{1,5}:\d{1,5}|\d{1,5})(?:\/(tcp|udp))?$/.exec(text) ?? []
  if (protocol !== undefined) {
    const [port = '', container] = ports.split(':')
    return `write {port: ${port},${container === undefined ? '' : ` container: ${container},`} protocol: ${protocol}}`
  }
  if (address !== undefined && /[.:a-z]/i.test(address)) return `write '${ports}': a port has no address of its own`
  return /^\d+-\d+(:\d+-\d+)?$/.test(text) ? 'write one port for each of them' : undefined
}

function freeName(ports: ReadonlyMap<string, PortDefinition>, numbers: Numbers): string {
  if (!ports.has('default')) return 'default'
  const number = numbers.container ?? numbers.port
  return number === 0 ? `port-${ports.size + 1}` : String(number)
}

function protocolOf(name: string): EndpointProtocol {
  return Object.values(protocols).find((protocol) => protocol === name) ?? 'tcp'
}
