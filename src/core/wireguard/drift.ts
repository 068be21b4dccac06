import {isWireguardKey} from '../base/wireguard-key.js'
import type {NetworkNode} from '../contract/stack.js'
import {allowedOf, configOf, peersOf, type WireguardNetwork} from './config-of.js'
import {parseFile, valuesOf, type Section} from './file.js'
import {publicKeyOf} from './keys.js'

/** What a configuration file has otherwise than the stack file: sentences without a full stop. None: it fits. */
export function driftOf(network: WireguardNetwork, node: NetworkNode, text: string): readonly string[] {
  const found = parseFile(text)
  return [
    ...found.strange.map((line) => `line ${line} is none of a configuration`),
    ...keyDrift(node, found.interface),
    ...interfaceDrift(network, node, found.interface),
    ...peerDrift(network, node, found.peers),
  ]
}

/** The private key of a file, where there is a good one. */
export function privateKeyIn(text: string): string | undefined {
  return valuesOf(parseFile(text).interface, 'PrivateKey').find(isWireguardKey)
}

function keyDrift(node: NetworkNode, own: Section): readonly string[] {
  const [key] = valuesOf(own, 'PrivateKey')
  if (key === undefined) return ['it has no private key']
  if (!isWireguardKey(key)) return ['its private key is none: expected 32 bytes in base64']
  const publicKey = publicKeyOf(key)
  return node.publicKey === undefined || node.publicKey === publicKey
    ? []
    : [`its private key belongs to the public key ${publicKey}, and the stack file has ${node.publicKey}`]
}

function interfaceDrift(network: WireguardNetwork, node: NetworkNode, own: Section): readonly string[] {
  const expected = parseFile(configOf(network, node)).interface
  return ['Address', 'ListenPort'].flatMap((key) => differ(key, valuesOf(own, key), valuesOf(expected, key)))
}

function peerDrift(network: WireguardNetwork, node: NetworkNode, found: readonly Section[]): readonly string[] {
  const byKey = new Map(found.map((section) => [valuesOf(section, 'PublicKey')[0] ?? '', section]))
  const peers = peersOf(network.definition, node)
  const known = peers.flatMap((peer): readonly string[] => {
    const section = peer.publicKey === undefined ? undefined : byKey.get(peer.publicKey)
    if (!section) return [`it has no peer with the public key of '${peer.name}'`]
    const allowed = allowedOf(network.addresses.get(peer.name) ?? '')
    return [
      ...differ('AllowedIPs', valuesOf(section, 'AllowedIPs'), [allowed]),
      ...differ('Endpoint', valuesOf(section, 'Endpoint'), peer.endpoint === undefined ? [] : [peer.endpoint]),
    ].map((what) => `of peer '${peer.name}', ${what}`)
  })
  const keys = new Set(peers.map(({publicKey}) => publicKey))
  const others = [...byKey.keys()].filter((key) => !keys.has(key))
  return [...known, ...others.map((key) => `it has a peer that the stack file does not: ${key || 'one without a key'}`)]
}

function differ(key: string, found: readonly string[], expected: readonly string[]): readonly string[] {
  const [is, should] = [found.join(', '), expected.join(', ')]
  return is === should ? [] : [`${key} is ${is || 'missing'}, expected ${should || 'none'}`]
}
