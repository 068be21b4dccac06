import {isIP} from 'node:net'
import type {NetworkDefinition, NetworkNode} from '../contract/stack.js'

/** A wireguard network, and the address of each of its nodes by name, declared or leased. */
export interface WireguardNetwork {
  readonly name: string
  readonly definition: NetworkDefinition
  readonly addresses: ReadonlyMap<string, string>
}

/** What keeps a node's configuration from being written, or working: one sentence without a full stop, and what to do. */
export interface Obstacle {
  readonly reason: string
  readonly hint: string
}

/** The first line of what harness writes. A file without it is somebody else's. */
export const header = '# Written by harness; `harness network config --write` writes it again.'
/** So that a node behind a translating router stays reachable; what wireguard's own quick start recommends, in seconds. https://www.wireguard.com/quickstart/#nat-and-firewall-traversal-persistence */
const keepalive = 25

/** What is missing of a node and its peers. */
export function obstaclesOf(network: WireguardNetwork, node: NetworkNode): readonly Obstacle[] {
  const {name, definition, addresses} = network
  const place = (each: NetworkNode): string => `networks.${name}.nodes[${definition.nodes.indexOf(each)}]`
  const addressless = definition.nodes
    .filter((each) => !addresses.has(each.name))
    .map((each) => ({
      reason: `node '${each.name}' has no address`,
      hint: `Give ${place(each)} an 'address', or the network a 'subnet' from which it is leased one.`,
    }))
  const keyless = peersOf(definition, node)
    .filter(({publicKey}) => publicKey === undefined)
    .map((each) => ({
      reason: `node '${each.name}' has no public key`,
      hint: `Run \`harness network key ${name}\` there, and put what it prints under ${place(each)}.public_key.`,
    }))
  return [...addressless, ...keyless]
}

/** Pairs of nodes of which neither says where it can be reached from outside. */
export function strangersOf({definition}: WireguardNetwork, node: NetworkNode): readonly NetworkNode[] {
  return node.endpoint === undefined ? peersOf(definition, node).filter(({endpoint}) => endpoint === undefined) : []
}

/**
 * The text of a node's configuration file, for `wg-quick`. Without a private key it has a line that says where to put it: the key of a machine stays there.
 * Every peer is reached directly, by its own address alone.
 */
export function configOf(network: WireguardNetwork, node: NetworkNode, privateKey?: string): string {
  const {definition, addresses} = network
  const address = addresses.get(node.name) ?? ''
  const port = node.endpoint === undefined ? undefined : endpointPort(node.endpoint)
  const own = [
    '[Interface]',
    privateKey === undefined
      ? `# PrivateKey = (the one of ${node.name}, which stays there)`
      : `PrivateKey = ${privateKey}`,
    `Address = ${address}/${prefixOf(definition, address)}`,
    ...(port === undefined ? [] : [`ListenPort = ${port}`]),
  ]
  const peers = peersOf(definition, node).map((peer) =>
    [
      `# ${peer.name}`,
      '[Peer]',
      `PublicKey = ${peer.publicKey ?? ''}`,
      `AllowedIPs = ${allowedOf(addresses.get(peer.name) ?? '')}`,
      ...(peer.endpoint === undefined ? [] : [`Endpoint = ${peer.endpoint}`]),
      ...(peer.endpoint === undefined || port !== undefined ? [] : [`PersistentKeepalive = ${keepalive}`]),
    ].join('\n'),
  )
  return `${[header, own.join('\n'), ...peers].join('\n\n').replace('\n\n', '\n')}\n`
}

/** Its address alone. */
export function allowedOf(address: string): string {
  return `${address}/${isIP(address) === 6 ? 128 : 32}`
}

export function peersOf({nodes}: NetworkDefinition, node: NetworkNode): readonly NetworkNode[] {
  return nodes.filter((each) => each !== node)
}

/** Of `host:port`, where the host may be an IPv6 address in brackets. */
function endpointPort(endpoint: string): number {
  return Number(/:(\d+)$/.exec(endpoint)?.[1])
}

function prefixOf({subnet}: NetworkDefinition, address: string): string {
  return subnet?.split('/')[1] ?? allowedOf(address).split('/')[1] ?? ''
}
