import type {Json} from '../../base/json.js'
import {given} from '../given.js'
import {isJsonObject} from '../../base/json.js'
import type {Part} from '../part.js'

interface Port {
  readonly host: string
  readonly container: string
  readonly protocol: string
}

/** Published ports, one for each of a range. Without a port of the host a free one is picked. */
export function readPorts(part: Part): readonly Json[] {
  const ports = part.list('ports').flatMap((value, index) => {
    const key = `ports[${index}]`
    if (isJsonObject(value)) return readLong(part.partOf(value, key))
    return readShort(part, key, part.textOf(value, key))
  })
  return named(ports)
}

/** `[[IP:]HOST:]CONTAINER[/PROTOCOL]`; the colons of a variable are not those. */
function readShort(part: Part, key: string, text: string): readonly Port[] {
  const [, address = '', protocol = 'tcp'] = /^([^]*?)(?:\/(tcp|udp))?$/.exec(text) ?? []
  const pieces = address.match(/(?:\$\{[^}]*\}|\[[^\]]*\]|[^:])+/g) ?? []
  const container = pieces.at(-1)
  if (container === undefined || container === '') return part.wrong(key, 'a port', text)
  const ip = pieces.at(-3)
  if (ip !== undefined)
    part.note(key, `is published at ${ip} there; harness publishes it at the address of the docker plugin`)
  return spread(part, key, {host: pieces.at(-2) ?? '0', container, protocol})
}

function readLong(part: Part): readonly Port[] {
  const container = part.text('target') ?? part.wrong('target', 'a port', undefined)
  const port = {host: part.text('published') ?? '0', container, protocol: part.text('protocol') ?? 'tcp'}
  for (const key of ['mode', 'name', 'app_protocol']) part.value(key)
  part.leftOvers()
  return spread(part, '', port)
}

function spread(part: Part, key: string, port: Port): readonly Port[] {
  const [hosts, containers] = [rangeOf(port.host), rangeOf(port.container)]
  if (hosts === undefined || containers === undefined) {
    // A variable: what it will be is known when the stack is started.
    return port.host.includes('$') || port.container.includes('$') ? [port] : part.wrong(key, 'a port', port.host)
  }
  if (port.host !== '0' && hosts.length !== containers.length) {
    return part.wrong(key, 'two ranges of the same length', `${port.host}:${port.container}`)
  }
  return containers.map((container, index) => ({
    ...port,
    host: String(port.host === '0' ? 0 : (hosts[index] ?? 0)),
    container: String(container),
  }))
}

function rangeOf(text: string): readonly number[] | undefined {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? []
  if (first === undefined || Number(last) > 65_535 || Number(last) < Number(first)) return undefined
  return Array.from({length: Math.min(Number(last) - Number(first) + 1, 1000)}, (_, index) => Number(first) + index)
}

/** The first port needs no name, and a further one is called after its number unless another is called so already. */
function named(ports: readonly Port[]): readonly Json[] {
  const taken = new Set<string>()
  return ports.map((port, index) => {
    const usual = index === 0 ? 'default' : port.container
    if (!taken.has(usual)) {
      taken.add(usual)
      return write(port, undefined)
    }
    const name = `port-${index + 1}`
    taken.add(name)
    return write(port, name)
  })
}

function write({host, container, protocol}: Port, name: string | undefined): Json {
  if (protocol === 'tcp' && name === undefined) return `${host}:${container}`
  const number = (text: string): Json => (/^\d+$/.test(text) ? Number(text) : text)
  return given({port: number(host), container: number(container), protocol, name})
}
