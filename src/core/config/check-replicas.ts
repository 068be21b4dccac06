import {isName} from '../base/ids.js'
import {replicaName} from '../base/replica-name.js'
import type {Diagnostic} from '../contract/diagnostic.js'
import type {PortDefinition} from '../contract/stack.js'
import {joinPath} from './node.js'
import {pointerTo} from './reading.js'
import type {StackNode} from './stack-graph.js'

type Service = Extract<StackNode, {readonly kind: 'service'}>

/** Replicas that would want one port, or whose names are taken or too long. */
export function checkReplicas(nodes: ReadonlyMap<string, StackNode>): Diagnostic[] {
  const byName = new Map([...nodes.values()].map((node) => [node.name, node]))
  return [...nodes.values()].flatMap((node) => {
    if (node.kind !== 'service' || node.definition.replicas <= 1) return []
    return [
      ...node.definition.ports.flatMap((port, index) => (port.port === 0 ? [] : [shared(node, port, index)])),
      ...badNames(node, byName),
    ]
  })
}

/** Whose replica a name is that belongs to no service of its own. */
export function replicaOwner(nodes: ReadonlyMap<string, StackNode>, name: string): StackNode | undefined {
  const number = Number(/-([1-9]\d*)$/.exec(name)?.[1])
  if (!(number > 1)) return undefined
  return [...nodes.values()].find(
    (node) => node.kind === 'service' && number <= node.definition.replicas && replicaName(node.name, number) === name,
  )
}

function shared(
  {pointer, path, definition}: Service,
  {name, port, container}: PortDefinition,
  index: number,
): Diagnostic {
  const ports = joinPath(path, 'ports')
  // Ports without a name are called `default` or by their number.
  const at = /^(default|\d+)$/.test(name) ? `${ports}[${index}]` : joinPath(ports, name)
  return {
    severity: 'error',
    code: 'CONFIG_INVALID_VALUE',
    message: `${at} is ${port}, and ${definition.replicas} replicas cannot share it.`,
    pointer: pointerTo(pointerTo(pointer, 'ports'), index),
    suggestion: `write ${container === undefined ? '0' : `'0:${container}'`}: each replica is given a free port`,
  }
}

function badNames({name, pointer, path, definition}: Service, byName: ReadonlyMap<string, StackNode>): Diagnostic[] {
  const {replicas} = definition
  const names = Array.from({length: replicas - 1}, (_, index) => replicaName(name, index + 2))
  const problem = (message: string, suggestion: string): Diagnostic => ({
    severity: 'error',
    code: 'CONFIG_INVALID_NAME',
    message,
    pointer: pointerTo(pointer, 'replicas'),
    suggestion,
  })
  const taken = names.flatMap((replica) => {
    const other = byName.get(replica)
    if (other === undefined) return []
    const message = `${path} has ${replicas} replicas, one of them '${replica}': that is the name of a ${other.kind} already.`
    return [problem(message, `rename ${other.path}, or ask for fewer replicas`)]
  })
  const longest = replicaName(name, replicas)
  const valid: boolean = isName(longest) || !isName(name)
  if (valid) return taken
  const message = `${path} has ${replicas} replicas, and the name '${longest}' is longer than 63 characters.`
  return [...taken, problem(message, 'give the service a shorter name')]
}
