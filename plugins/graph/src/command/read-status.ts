import type {ResultOf} from '@service-harness/cli/plugin'
import {act} from './act.js'
import type {GraphService, GraphStack} from './graph-stack.js'
import {serviceLines} from './service-lines.js'
import {tableLines} from './table-lines.js'

interface Block {
  readonly number: number
}

/** A deployment as the action `indexing-status` tells of it. */
interface Subgraph {
  readonly deployment: string
  readonly health: string
  readonly paused: boolean
  /** `null`: nobody indexes it any more, as after `remove-subgraph`. */
  readonly node: string | null
  readonly chain_head: Block | null
  readonly latest_block: Block | null
  readonly fatal_error: {readonly message: string; readonly block: Block | null} | null
}

export interface StackReport {
  readonly stack: string
  readonly name: string
  readonly services: ResultOf<'service.status'>['services']
  readonly subgraphs: readonly (Subgraph & {
    /** The service of type graph-node that has it. */
    readonly service: string
  })[]
}

/** Services, and what each graph-node that runs says of its deployments. */
export async function readStatus(opened: GraphStack): Promise<StackReport> {
  const {client, stack, services} = opened
  const {name, services: found} = await client.service.status({stack})
  const running = new Set(found.filter(({state}) => state === 'Running').map((each) => each.name))
  const nodes = services.filter(({service, serviceType}) => serviceType === 'graph-node' && running.has(service))
  const subgraphs = await Promise.all(
    nodes.map(async ({service}) => {
      const answer = await act<{readonly subgraphs: readonly Subgraph[]}>(opened, {
        service,
        action: 'indexing-status',
        input: {},
      })
      return answer.subgraphs.filter(({node}) => node !== null).map((each) => ({...each, service}))
    }),
  )
  return {stack, name, services: found, subgraphs: subgraphs.flat()}
}

const types: ReadonlySet<string | null> = new Set(['postgres', 'ipfs', 'anvil', 'graph-node'])

/** What is to run does, no indexing has failed, and nothing of what a subgraph needs is down, also when nobody has started it. */
export function isWell({services, subgraphs}: StackReport, known: readonly GraphService[]): boolean {
  const needed = new Set(known.filter(({serviceType}) => types.has(serviceType)).map(({service}) => service))
  const run = services.every(
    ({name, state, desired}) => state === 'Running' || (desired === 'down' && !needed.has(name)),
  )
  return run && subgraphs.every(({health}) => health !== 'failed')
}

/** For people. */
export function statusLines({services, subgraphs}: StackReport, known: readonly GraphService[]): readonly string[] {
  const rows = subgraphs.map((each) => [each.deployment, healthOf(each), blocksOf(each), whyOf(each)])
  const below =
    subgraphs.length === 0 ? ['No subgraph is deployed.'] : tableLines(['SUBGRAPH', 'HEALTH', 'BLOCK', ''], rows)
  return [...serviceLines(services, known), '', ...below]
}

function healthOf({health, paused}: Subgraph): string {
  return paused ? `${health}, paused` : health
}

/** How far it is, and how far it could be. */
function blocksOf({latest_block, chain_head}: Subgraph): string {
  return `${latest_block?.number ?? '-'} of ${chain_head?.number ?? '-'}`
}

function whyOf({fatal_error: error}: Subgraph): string {
  if (error === null) return ''
  const message = error.message.replaceAll(/\s+/g, ' ').trim()
  return error.block === null ? message : `at block ${error.block.number}: ${message}`
}
