import {isIP} from 'node:net'
import {isName} from '../base/ids.js'
import {isWireguardKey} from '../base/wireguard-key.js'
import type {NetworkDefinition, NetworkNode} from '../contract/stack.js'
import {openFields} from './fields.js'
import {keyNames} from './keys/names.js'
import {entriesOf, type Place} from './node.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {badName, expected, needed, readChoice, readList, readName, readNumber, readText} from './values.js'

const types = {lan: 'lan', local: 'local', wireguard: 'wireguard'} as const

/** What cannot be read has its name all the same: those who name it are right. */
const unreadable: NetworkDefinition = {type: 'local', nodes: []}

/** The networks of a stack by name. */
export function readNetworks(
  reading: Reading,
  place: Place | undefined,
): Readonly<Record<string, NetworkDefinition>> | undefined {
  if (place === undefined) return undefined
  if (place.node.kind !== 'map') return expected(reading, place, 'a map of names')
  return Object.fromEntries(
    entriesOf(place).map(([name, entry]) => {
      mark(reading, pointerTo('/networks', name), entry)
      const valid: boolean = isName(name)
      if (!valid) {
        reading.problems.add(entry, {code: 'CONFIG_INVALID_NAME', ...badName(`${entry.path}: '${name}'`, name)}, 'key')
      }
      return [name, readNetwork(reading, entry, pointerTo('/networks', name)) ?? unreadable]
    }),
  )
}

function readNetwork(reading: Reading, place: Place, pointer: string): NetworkDefinition | undefined {
  const field = openFields(reading, place, {keys: keyNames.network, what: 'a network'})
  if (place.node.kind !== 'map') return undefined
  const type = readChoice(reading, needed(reading, place, field('type'), "a 'type': local, lan or wireguard"), types)
  const texts = {
    subnet: readSubnet(reading, field('subnet')),
    configPath: readText(reading, field('config_path'), 'a path'),
    interface: readText(reading, field('interface'), 'the name of an interface'),
  }
  let index = 0
  const nodeAt = (_reading: Reading, node: Place): NetworkNode | undefined => {
    const read = readNode(reading, node, pointerTo(`${pointer}/nodes`, index))
    if (read) index += 1
    return read
  }
  const nodes = readList(reading, field('nodes'), nodeAt) ?? []
  refuseTwins(reading, field('nodes'), nodes)
  return type && {type, ...present(texts), nodes}
}

function readNode(reading: Reading, place: Place, pointer: string): NetworkNode | undefined {
  if (place.node.kind !== 'map') return expected(reading, place, 'a node: a map with a name')
  const field = openFields(reading, place, {keys: keyNames.node, what: 'a node'})
  mark(reading, pointer, place)
  const [address, host] = [field('address'), field('host')]
  if (address) mark(reading, pointerTo(pointer, 'address'), address)
  if (host) mark(reading, pointerTo(pointer, 'host'), host)
  const name = readName(reading, needed(reading, place, field('name'), "a 'name'"))
  const sshPort = readNumber(reading, field('ssh_port'), {min: 1, max: 65_535})
  const texts = {
    host: readHost(reading, host),
    address: readHost(reading, address),
    sshUser: readText(reading, field('ssh_user')),
    sshKey: readText(reading, field('ssh_key')),
    publicKey: readKey(reading, field('public_key')),
    endpoint: readEndpoint(reading, field('endpoint')),
  }
  return name === undefined ? undefined : {name, ...present(texts), ...present({sshPort})}
}

/** `10.0.0.0/24`. */
function readSubnet(reading: Reading, place: Place | undefined): string | undefined {
  const text = readText(reading, place, 'a subnet')
  if (place === undefined || text === undefined) return undefined
  const [, address = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? []
  const version = isIP(address)
  const fits = version !== 0 && Number(length) <= (version === 4 ? 32 : 128)
  return fits ? text : expected(reading, place, 'a subnet like 192.168.1.0/24')
}

/** Nothing that a program could take for one of its options, and no white space. */
function readHost(reading: Reading, place: Place | undefined): string | undefined {
  const text = readText(reading, place, 'a host')
  if (place === undefined || text === undefined) return undefined
  const fits = isIP(text) !== 0 || /^[A-Za-z0-9_](?:[\w.-]{0,251}[A-Za-z0-9_])?$/.test(text)
  return fits ? text : expected(reading, place, 'the name or address of a host')
}

/** 32 bytes, as wireguard writes them. */
function readKey(reading: Reading, place: Place | undefined): string | undefined {
  const what = 'a public key of wireguard, 44 signs of base64 as `wg pubkey` prints them'
  const text = readText(reading, place, what)
  if (place === undefined || text === undefined) return undefined
  return isWireguardKey(text) ? text : expected(reading, place, what)
}

/** `host:port`, an IPv6 address in brackets. */
function readEndpoint(reading: Reading, place: Place | undefined): string | undefined {
  const what = 'a host and a port like wg.example.com:51820 or [fd00::1]:51820'
  const text = readText(reading, place, what)
  if (place === undefined || text === undefined) return undefined
  const [, bracketed, host, port] = /^(?:\[([^\]]+)\]|([A-Za-z0-9][\w.-]*)):(\d{1,5})$/.exec(text) ?? []
  const isHost = bracketed === undefined ? host !== undefined : isIP(bracketed) === 6
  const fits = isHost && Number(port) >= 1 && Number(port) <= 65_535
  return fits ? text : expected(reading, place, what)
}

function refuseTwins(reading: Reading, place: Place | undefined, nodes: readonly NetworkNode[]): void {
  const names = nodes.map(({name}) => name)
  const twin = names.find((name, index) => names.indexOf(name) < index)
  if (place === undefined || twin === undefined) return
  const message = `${place.path}: two nodes are called '${twin}'.`
  reading.problems.add(place, {code: 'CONFIG_DUPLICATE_KEY', message}, 'key')
}

function present<T extends object>(values: T): {readonly [Key in keyof T]?: Exclude<T[Key], undefined>} {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>
  }
}
