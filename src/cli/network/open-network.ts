import {homedir} from 'node:os'
import path from 'node:path'
import {HarnessError} from '../../core/base/errors.js'
import {stateDirectory} from '../../core/base/state-directory.js'
import type {LoadedStack} from '../../core/config/load-stack.js'
import type {NetworkDefinition, NetworkNode} from '../../core/contract/stack.js'
import {isHereNode} from '../../core/registry/world.js'
import {machineFacts} from '../../core/stack/surroundings.js'
import {obstaclesOf, type WireguardNetwork} from '../../core/wireguard/config-of.js'
import type {StackChoiceFlags} from '../flags.js'
import {readStackFile} from '../open-stack.js'
import {sendStack} from '../read-stack.js'
import {withDaemon, type Host} from '../with-daemon.js'

export interface NetworkWish {
  readonly choice: StackChoiceFlags
  readonly network: string
  /** @default the one that this machine is */
  readonly node?: string | undefined
}

/** A wireguard network of the stack file, seen from one of its nodes. */
export interface OpenedNetwork extends WireguardNetwork {
  readonly node: NetworkNode
  readonly isHere: boolean
  /** The configuration file of this machine. */
  readonly file: string
  /** The name of the interface. */
  readonly device: string
}

/** Reads the stack file, and asks the daemon for the addresses that it leases where the file has none. */
export async function openNetwork(host: Host, wish: NetworkWish): Promise<OpenedNetwork> {
  const loaded = await readStackFile(wish.choice, host.terminal)
  const {definition: stack} = loaded
  const definition = stack.networks?.[wish.network]
  if (!definition) throw unknownNetwork(wish.network, stack.networks ?? {})
  if (definition.type !== 'wireguard') {
    const reason = `it is of type ${definition.type}, of which nothing is to be set up`
    throw new HarnessError('USAGE', {subject: wish.network, reason, hint: 'Name a network of type wireguard.'})
  }
  const here = ownNode(definition)
  const node = wish.node === undefined ? here : definition.nodes.find(({name}) => name === wish.node)
  if (!node) throw unknownNode(wish, definition)
  const addresses = await addressesOf(host, wish.network, definition, loaded)
  const place = placeOf(wish.network, definition, stack.directory)
  return {name: wish.network, definition, addresses, node, isHere: node === here, ...place}
}

/** The first thing that a configuration cannot be written without. */
export function requireWhole(network: OpenedNetwork): void {
  const [first] = obstaclesOf(network, network.node)
  if (first) throw new HarnessError('NETWORK_NOT_READY', {subject: network.name, ...first})
}

function ownNode(definition: NetworkDefinition): NetworkNode | undefined {
  const world = {machine: machineFacts(), networks: {}, lease: () => undefined}
  return definition.nodes.find((node) => isHereNode(node, world))
}

async function addressesOf(
  host: Host,
  name: string,
  {nodes}: NetworkDefinition,
  loaded: LoadedStack,
): Promise<ReadonlyMap<string, string>> {
  const declared = nodes.flatMap(({name: node, address}) => (address === undefined ? [] : [[node, address] as const]))
  if (declared.length === nodes.length) return new Map(declared)
  const {networks} = await withDaemon(
    host,
    async (client) => {
      const stack = await sendStack(client, loaded, host.terminal)
      const topology = await client.call('registry.topology', {})
      return {networks: topology.networks.filter((network) => network.stack === stack)}
    },
    loaded,
  )
  const members = networks.find((network) => network.name === name)?.members ?? []
  const answered = members.flatMap(({node, address}) => (address === null ? [] : [[node, address] as const]))
  return new Map([...answered, ...declared])
}

/** `wg-quick` calls the interface as the file is called. */
function placeOf(
  name: string,
  {configPath, interface: given}: NetworkDefinition,
  directory: string,
): Pick<OpenedNetwork, 'device' | 'file'> {
  const own = configPath === undefined ? undefined : path.basename(configPath, '.conf')
  const device = given ?? own ?? name
  const file =
    configPath === undefined
      ? path.join(stateDirectory(), 'networks', `${device}.conf`)
      : path.resolve(directory, configPath.replace(/^~(?=\/)/, homedir()))
  if (own !== undefined && own !== device) {
    const reason = `its interface is '${device}', and wg-quick calls that of '${file}' '${own}'`
    throw new HarnessError('NETWORK_NOT_READY', {
      subject: name,
      reason,
      hint: `Call the file ${device}.conf under 'config_path', or leave out 'interface'.`,
    })
  }
  if (!/^[\w=+.-]{1,15}$/.test(device)) {
    throw new HarnessError('NETWORK_NOT_READY', {
      subject: name,
      reason: `'${device}' cannot be the name of an interface: at most 15 letters, digits and _=+.-`,
      hint: `Give networks.${name} an 'interface', such as wg0.`,
    })
  }
  return {file, device}
}

function unknownNetwork(name: string, networks: Readonly<Record<string, NetworkDefinition>>): HarnessError {
  const known = Object.keys(networks).filter((each) => networks[each]?.type === 'wireguard')
  return new HarnessError('USAGE', {
    subject: name,
    reason: 'the stack file has no network of this name',
    hint: known.length > 0 ? `Its wireguard networks are ${known.join(', ')}.` : "It has none under 'networks'.",
  })
}

function unknownNode({network, node}: NetworkWish, {nodes}: NetworkDefinition): HarnessError {
  const known = nodes.map(({name}) => name).join(', ')
  return new HarnessError('USAGE', {
    subject: node ?? network,
    reason:
      node === undefined
        ? 'this machine is none of its nodes, by host name, host or address'
        : `'${network}' has no such node`,
    hint: known === '' ? `Put nodes under networks.${network}.` : `Name one with --node: ${known}.`,
  })
}
