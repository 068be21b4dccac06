import {printable} from '../../core/base/printable.js'
import type {Topology, TopologyMember, TopologyNetwork} from '../../core/contract/registry.js'
import type {Style} from '../style.js'

interface Branch {
  readonly text: string
  readonly below: readonly Branch[]
}

/** `harness registry topology`: machines with what is there, then networks with their members. */
export function topologyLines(topology: Topology, style: Style): readonly string[] {
  const {hosts, networks, executorNetworks, problems, hostname} = harmless(topology)
  const blocks = [
    hosts.map(({name, here, reachedBy, services}) => ({
      text: `${style.bold(name)}${here ? ` (${hostname})` : reachedBy === name || reachedBy === null ? '' : ` at ${reachedBy}`}`,
      below: services.map((service) => leaf(`${service.stackName}/${service.service}${stateText(service, style)}`)),
    })),
    networks.map((network) => networkBranch(network, style)),
    executorNetworks.map(({executor, name, subnet, gateway, services}) => ({
      text: `${style.bold(name)} ${style.dim(inBrackets(`of ${executor}`, subnet, gateway === null ? null : `gateway ${gateway}`))}`,
      below: services.map(({stackName, service, address}) => leaf(`${stackName}/${service} ${style.cyan(address)}`)),
    })),
    problems.map(({executor, reason}) =>
      leaf(style.yellow(`${executor} could not say which networks it has: ${reason}`)),
    ),
  ]
  return blocks
    .filter((block) => block.length > 0)
    .flatMap((block, index) => [...(index === 0 ? [] : ['']), ...block.flatMap((branch) => treeLines(branch))])
}

function networkBranch({name, stackName, type, subnet, members, services}: TopologyNetwork, style: Style): Branch {
  return {
    text: `${style.bold(name)} ${style.dim(inBrackets(type, subnet, `of ${stackName}`))}`,
    below: [
      ...members.map((member) => leaf(memberText(member, style))),
      ...services.map((service) => leaf(`${stackName}/${service} is put in it`)),
    ],
  }
}

function memberText({node, here, address, source}: TopologyMember, style: Style): string {
  const where = address === null ? style.dim('no address') : `${style.cyan(address)} ${style.dim(inBrackets(source))}`
  return `${node}${here ? ' (this machine)' : ''} ${where}`
}

function stateText({alive, ready}: Topology['hosts'][number]['services'][number], style: Style): string {
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
