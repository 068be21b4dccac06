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
  return part.list('ports').flatMap((value, index) => {
    const key = `ports[${index}]`
    if (isJsonObject(value)) return readLong(part.partOf(value, key))
    return readShort(part, key, part.textOf(value, key))
  })
}

/** `[[IP:]HOST:]CONTAINER[/PROTOCOL]`; the colons of a variable are not those. */
function readShort(part: Part, key: string, text: string): readonly Json[] {
  const [, address = '', protocol = 'tcp'] = /^([^]*?)(?:\/(tcp|udp))?$/.exec(text) ?? []
  const pieces = address.match(/(?:\$\{[^}]*\}|\[[^\]]*\]|[^:])+/g) ?? []
  const container = pieces.at(-1)
  if (container === undefined || container === '') return part.wrong(key, 'a port', text)
  const ip = pieces.at(-3)
  if (ip !== undefined)
    part.note(key, `is published at ${ip} there; harness publishes it at the address of the docker plugin`)
  return spread(part, key, {host: pieces.at(-2) ?? '0', container, protocol})
}

function readLong(part: Part): readonly Json[] {
  const container = part.text('target') ?? part.wrong('target', 'a port', undefined)
  const port = {host: part.text('published') ?? '0', container, protocol: part.text('protocol') ?? 'tcp'}
  for (const key of ['mode', 'name', 'app_protocol']) part.value(key)
  part.leftOvers()
  return spread(part, '', port)
}

function spread(part: Part, key: string, port: Port): readonly Json[] {
  const [hosts, containers] = [rangeOf(port.host), rangeOf(port.container)]
  if (hosts === undefined || containers === undefined) {
    // A variable: what it will be is known when the stack is started.
    return port.host.includes('$') || port.container.includes('$')
      ? [write(port)]
      : part.wrong(key, 'a port', port.host)
  }
  if (port.host !== '0' && hosts.length !== containers.length) {
    return part.wrong(key, 'two ranges of the same length', `${port.host}:${port.container}`)
  }
  return containers.map((container, index) =>
    write({...port, host: String(port.host === '0' ? 0 : (hosts[index] ?? 0)), container: String(container)}),
  )
}

function rangeOf(text: string): readonly number[] | undefined {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? []
  if (first === undefined || Number(last) > 65_535 || Number(last) < Number(first)) return undefined
  return Array.from({length: Math.min(Number(last) - Number(first) + 1, 1000)}, (_, index) => Number(first) + index)
}

function write({host, container, protocol}: Port): Json {
  if (protocol === 'tcp') return `${host}:${container}`
  const number = (text: string): Json => (/^\d+$/.test(text) ? Number(text) : text)
  return given({port: number(host), container: number(container), protocol})
}
