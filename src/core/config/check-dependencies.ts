import type {Catalogue} from '../contract/catalogue.js'
import type {Diagnostic} from '../contract/diagnostic.js'
import type {RestartPolicy, ServiceDefinition} from '../contract/stack.js'
import {findCycles, formatCycle} from '../dag/cycles.js'
import {replicaOwner} from './check-replicas.js'
import {typeDefaults} from './endpoints.js'
import {stackGraph, type Edge, type StackNode} from './stack-graph.js'
import {didYouMean, maxSuggestions} from './suggest.js'

/** Names that are not there, cycles, and conditions that could never hold. */
export function checkDependencies(nodes: ReadonlyMap<string, StackNode>, catalogue?: Catalogue): Diagnostic[] {
  const edges = [...nodes.values()].flatMap((node) => node.edges.map((edge) => ({node, edge})))
  return [
    ...edges
      .filter(({edge}) => !nodes.has(edge.id))
      .map(({node, edge}, index) => unknown(nodes, {node, edge, suggests: index < maxSuggestions})),
    ...edges.flatMap(({node, edge}) => impossible(edge, {nodes, node, catalogue})),
    ...edges.flatMap(({node, edge}) => (edge.restart ? restartOfTask(node, edge) : [])),
    ...findCycles(stackGraph(nodes)).map((cycle) => cyclic(nodes, cycle)),
    ...doubleNames(nodes),
  ]
}

interface Unknown {
  readonly node: StackNode
  readonly edge: Edge
  readonly suggests: boolean
}

function unknown(nodes: ReadonlyMap<string, StackNode>, {node, edge, suggests}: Unknown): Diagnostic {
  const owner = edge.kind === 'service' ? replicaOwner(nodes, edge.name) : undefined
  if (owner) return ofReplica(node, edge, owner)
  const others = suggests ? [...nodes.values()].filter((other) => other.id !== node.id) : []
  const suggestion = suggestDependency(others, edge)
  return {
    severity: edge.required ? 'error' : 'warning',
    code: 'CONFIG_UNKNOWN_DEPENDENCY',
    message: `${node.path} depends on ${edge.kind} '${edge.name}', which is not in this stack.`,
    pointer: edge.pointer,
    ...(suggestion === undefined ? {} : {suggestion}),
  }
}

/** Edges name services of the file: all replicas, or none. */
function ofReplica(node: StackNode, edge: Edge, owner: StackNode): Diagnostic {
  const own = owner.id === node.id
  return {
    severity: edge.required ? 'error' : 'warning',
    code: own ? 'CONFIG_CYCLE' : 'CONFIG_UNKNOWN_DEPENDENCY',
    message: own
      ? `${node.path} depends on itself: '${edge.name}' is one of its replicas.`
      : `${node.path} depends on '${edge.name}', which is one replica of service '${owner.name}'.`,
    pointer: edge.pointer,
    suggestion: own ? 'remove this dependency' : `write '${owner.name}': that waits for every replica`,
  }
}

function suggestDependency(others: readonly StackNode[], edge: Edge): string | undefined {
  const otherKind = others.find((other) => other.name === edge.name)
  if (otherKind) return `'${edge.name}' is a ${otherKind.kind}: write {${otherKind.kind}: ${edge.name}}`
  const sameKind = others.filter((other) => other.kind === edge.kind).map((other) => other.name)
  return (
    didYouMean(edge.name, sameKind) ??
    didYouMean(
      edge.name,
      others.map((other) => other.name),
    )
  )
}

interface Around {
  readonly nodes: ReadonlyMap<string, StackNode>
  readonly node: StackNode
  readonly catalogue: Catalogue | undefined
}

function impossible(edge: Edge, around: Around): Diagnostic[] {
  const why = whyNever(edge, around)
  if (why === undefined) return []
  const [reason, suggestion, severity = 'error'] = why
  return [
    {
      severity,
      code: 'CONFIG_INVALID_VALUE',
      message: `${around.node.path} waits for ${edge.kind} '${edge.name}' to be ${edge.condition}, which can never be: ${reason}.`,
      pointer: edge.pointer,
      suggestion,
    },
  ]
}

type Why = readonly [reason: string, suggestion: string, severity?: 'warning']

function whyNever(edge: Edge, {nodes, catalogue}: Around): Why | undefined {
  if (edge.kind === 'task' && edge.condition === 'ready') {
    return ['a task is done or not, never ready', "write 'condition: succeeded'"]
  }
  const target = nodes.get(edge.id)
  if (target?.kind !== 'service') return undefined
  if (target.definition.replicas === 0) {
    const why = [
      "with 'replicas: 0' there is none of it",
      'ask for at least 1 replica, or remove this dependency',
    ] as const
    // As with a dependency that is missing: there is nothing to wait for.
    return edge.required ? why : [...why, 'warning']
  }
  if (edge.condition !== 'succeeded' && edge.condition !== 'completed') return undefined
  return restartOf(target.definition, catalogue)?.policy === 'always' ? alwaysAgain : undefined
}

const alwaysAgain: Why = ["its 'restart: always' starts it again whenever it ends", "write 'restart: on-failure' there"]

function restartOf(service: ServiceDefinition, catalogue: Catalogue | undefined): RestartPolicy | undefined {
  return service.restart ?? typeDefaults(service, catalogue)?.restart
}

/** Only services are restarted. */
function restartOfTask(node: StackNode, edge: Edge): Diagnostic[] {
  const task = edge.kind === 'task' ? edge.name : node.kind === 'task' ? node.name : undefined
  if (task === undefined) return []
  const message = `'restart: true' changes nothing where ${node.path} depends on ${edge.kind} '${edge.name}': '${task}' is a task, and tasks are not restarted.`
  return [
    {severity: 'warning', code: 'CONFIG_INVALID_VALUE', message, pointer: edge.pointer, suggestion: 'leave it out'},
  ]
}

function cyclic(nodes: ReadonlyMap<string, StackNode>, cycle: readonly string[]): Diagnostic {
  const members = cycle.flatMap((id) => nodes.get(id) ?? [])
  const [first] = members
  const edge = first?.edges.find((each) => each.id === cycle[1])
  const path = formatCycle(members.map((node) => node.name))
  return {
    severity: 'error',
    code: 'CONFIG_CYCLE',
    message:
      cycle.length === 2 ? `${first?.path ?? path} depends on itself.` : `Dependencies go round in a circle: ${path}.`,
    pointer: edge?.pointer ?? '',
    suggestion: 'remove one of these dependencies',
  }
}

/** References and commands name services and tasks alike. */
function doubleNames(nodes: ReadonlyMap<string, StackNode>): Diagnostic[] {
  const services = new Set([...nodes.values()].filter((node) => node.kind === 'service').map((node) => node.name))
  return [...nodes.values()]
    .filter((node) => node.kind === 'task' && services.has(node.name))
    .map((node) => ({
      severity: 'error',
      code: 'CONFIG_INVALID_NAME',
      message: `'${node.name}' is the name of a service and of a task.`,
      pointer: node.pointer,
      suggestion: 'rename one of them',
    }))
}
