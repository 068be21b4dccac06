import {printable} from '../../core/base/printable.js'
import type {Topology, TopologyMember, TopologyNetwork} from '../../core/contract/registry.js'
import {stackLabel} from '../stack-label.js'
import type {Style} from '../style.js'

interface Branch {
  readonly text: string
  readonly below: readonly Branch[]
}

type Host = Topology['hosts'][number]

interface Drawing {
  readonly style: Style
  /** What the machine of the daemon is to the reader. */
  readonly here: string
  readonly label: ReturnType<typeof stackLabel>
}

/**
 * `harness registry topology`: machines with what is there, then networks with their members. `isElsewhere`: the daemon is on another machine
 * than its reader, for whom that is not this machine.
 */
export function topologyLines(
  topology: Topology,
  {style, isElsewhere}: {readonly style: Style; readonly isElsewhere: boolean},
): readonly string[] {
  const plain = harmless(topology)
  const {hosts, networks, executorNetworks, problems, hostname} = plain
  const drawing = {style, here: isElsewhere ? hostname : 'this machine', label: stackLabel(stacksOf(plain))}
  const {label} = drawing
  const first = isElsewhere ? [hostname, "the daemon's machine"] : ['this machine', hostname]
  const blocks = [
    hosts.map((host) => ({
      text: host.here ? `${style.bold(first[0] ?? '')} (${first[1] ?? ''})` : otherHost(host, hosts, drawing),
      below: host.services.map((service) => leaf(`${label(service)}/${service.service}${stateText(service, style)}`)),
    })),
    networks.map((network) => networkBranch(network, drawing)),
    executorNetworks.map(({executor, name, subnet, gateway, services}) => ({
      text: `${style.bold(name)} ${style.dim(inBrackets(`of ${executor}`, subnet, gateway === null ? null : `gateway ${gateway}`))}`,
      below: services.map((service) => leaf(`${label(service)}/${service.service} ${style.cyan(service.address)}`)),
    })),
    problems.map(({executor, reason}) =>
      leaf(style.yellow(`${executor} could not say which networks it has: ${reason}`)),
    ),
  ]
  return blocks
    .filter((block) => block.length > 0)
    .flatMap((block, index) => [...(index === 0 ? [] : ['']), ...block.flatMap((branch) => treeLines(branch))])
}

interface OfStack {
  readonly stack: string
  readonly stackName: string
}

function stacksOf({hosts, networks, executorNetworks}: Topology): readonly OfStack[] {
  const ofHosts = hosts.flatMap(({nodes, services}): readonly OfStack[] => [...nodes, ...services])
  return [...networks, ...ofHosts, ...executorNetworks.flatMap(({services}) => services)]
}

/** Whose node it is is said where another machine has that name, and which names other stacks have for it. */
function otherHost({name, reachedBy, nodes}: Host, hosts: readonly Host[], {style, label}: Drawing): string {
  const at = reachedBy === name || reachedBy === null ? '' : ` at ${reachedBy}`
  const isAlone = hosts.filter((host) => host.name === name).length === 1
  const told = isAlone ? nodes.filter(({node}) => node !== name) : nodes
  const whose = told.map((each) => (each.node === name ? `of ${label(each)}` : `'${each.node}' of ${label(each)}`))
  return `${style.bold(name)}${at}${whose.length === 0 ? '' : ` ${style.dim(inBrackets(...whose))}`}`
}

function networkBranch(network: TopologyNetwork, {style, here, label}: Drawing): Branch {
  const {name, type, subnet, members, services} = network
  return {
    text: `${style.bold(name)} ${style.dim(inBrackets(type, subnet, `of ${label(network)}`))}`,
    below: [
      ...members.map((member) => leaf(memberText(member, style, here))),
      ...services.map((service) => leaf(`${label(network)}/${service} is put in it`)),
    ],
  }
}

function memberText({node, here, address, source}: TopologyMember, style: Style, machine: string): string {
  const where = address === null ? style.dim('no address') : `${style.cyan(address)} ${style.dim(inBrackets(source))}`
  return `${node}${here && node !== machine ? ` (${machine})` : ''} ${where}`
}

function stateText({alive, ready}: Host['services'][number], style: Style): string {
  if (ready) return ''
  return style.yellow(alive === null ? ' (not known)' : alive ? ' (not ready)' : ' (not there)')
}

const inBrackets = (...parts: readonly (string | null)[]): string =>
  `(${parts.filter((part) => part !== null).join(', ')})`

const leaf = (text: string): Branch => ({text, below: []})

function treeLines({text, below}: Branch): readonly string[] {
  const lines = below.map((branch, index) => `${index === below.length - 1 ? '└─' : '├─'} ${branch.text}`)
  return [text, ...lines]
}

/** Names come from stack files and executors: they must not steer the terminal. */
function harmless(topology: Topology): Topology {
  return JSON.parse(JSON.stringify(topology), (_key, value: unknown) =>
    typeof value === 'string' ? printable(value) : value,
  ) as Topology
}
