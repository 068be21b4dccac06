import {isJsonObject, type Json} from '../base/json.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {Diagnostic} from '../contract/diagnostic.js'
import {fitsShell} from '../command/shell-environment.js'
import type {ServiceDefinition} from '../contract/stack.js'
import {dependentsOf, reachOf, type Reach} from '../dag/reach.js'
import {endpointsOf, type KnownEndpoints} from './endpoints.js'
import {outputsOf} from './outputs.js'
import {pointerKeys, pointerTo} from './reading.js'
import {stackGraph, type StackNode} from './stack-graph.js'
import {didYouMean, maxSuggestions} from './suggest.js'
import {parseTemplate, type Reference} from './template.js'
import {templatesOf} from './templates-of.js'
import type {Unsure} from './unsure.js'

type Nodes = ReadonlyMap<string, StackNode>

/** References to what is not there, or not known in time, and texts that are no templates. */
export function checkReferences(
  nodes: Nodes,
  known: {
    readonly catalogue: Catalogue | undefined
    readonly unsure: Unsure
    /** The names under `secrets`. */
    readonly secrets: readonly string[]
  },
): Diagnostic[] {
  const graph = stackGraph(nodes)
  const open = [...nodes.values()].filter((node) => bringsEdges(node, known)).map((node) => node.id)
  const whole = {
    ...known,
    nodes,
    byName: firstByName(nodes),
    reach: reachOf(graph),
    unbounded: new Set([...open, ...dependentsOf(graph, open)]),
  }
  const found: Diagnostic[] = []
  for (const node of nodes.values()) {
    for (const {pointer: part, value, late} of templatesOf(node)) {
      // In this order: Node 20 takes long to add to what was spread.
      const context = {node, late, suggests: found.length < maxSuggestions, ...whole}
      walk(part, value, (pointer, text) => {
        found.push(...checkTemplate(pointer, text, context))
      })
    }
  }
  return found
}

/** A service stands before a task of the same name. */
function firstByName(nodes: Nodes): ReadonlyMap<string, StackNode> {
  const byName = new Map<string, StackNode>()
  for (const node of nodes.values()) if (!byName.has(node.name)) byName.set(node.name, node)
  return byName
}

function checkTemplate(pointer: string, text: string, context: Context): Diagnostic[] {
  return parseTemplate(text).flatMap((part) => {
    if (part.kind === 'text') return []
    if (part.kind === 'malformed') return [problem(pointer, 'CONFIG_INVALID_VALUE', malformed(part.text))]
    const finding =
      part.reference.kind === 'secret'
        ? checkSecret(pointer, part.reference, {secrets: context.secrets, target: targetOf(context.node)})
        : checkReference(context, part.reference)
    return finding === undefined ? [] : [problem(pointer, 'CONFIG_UNKNOWN_REFERENCE', finding)]
  })
}

type Finding = readonly [message: string, suggestion: string | undefined]

interface Context {
  readonly nodes: Nodes
  readonly byName: ReadonlyMap<string, StackNode>
  readonly node: StackNode
  readonly reach: Reach<string>
  /** Those that may depend on more than is known here. */
  readonly unbounded: ReadonlySet<string>
  /** The service itself is up by then. */
  readonly late: boolean
  readonly suggests: boolean
  readonly catalogue: Catalogue | undefined
  readonly unsure: Unsure
  readonly secrets: readonly string[]
}

/** What everybody on the machine can read in the list of processes, or on the disk. */
const shownPlaces =
  /\/target\/spec\/(binary|args|command|entrypoint)\b|\/check(\/checks\/\d+)*\/(program|args)\b|\/(stopCommand|status|creates)\b|\/layers\/\d+\/spec\/(?!env\/)/

/** What the shim starts, here or on another machine. */
const shimmed: ReadonlySet<string> = new Set(['package', 'process', 'remote'])

/** The name of the variable whose value stands at a pointer: of the program itself, or of a layer around it. */
function variableAt(pointer: string): string | undefined {
  const [, , part, first, spec, env, last] = pointerKeys(pointer)
  if (part === 'env') return first
  return part === 'layers' && spec === 'spec' && env === 'env' ? last : undefined
}

function checkSecret(
  pointer: string,
  {name, text}: Extract<Reference, {readonly kind: 'secret'}>,
  {secrets, target}: {readonly secrets: readonly string[]; readonly target: {readonly type: string}},
): Finding | undefined {
  const shown = `The reference '\${${text}}'`
  if (!secrets.includes(name)) {
    const there = secrets.length === 0 ? 'the stack has no secrets' : `known are ${secrets.join(', ')}`
    const near = didYouMean(name, secrets)
    return [
      `${shown} names a secret that is not there; ${there}.`,
      near ?? `add '${name}: {env: ${name}}' under 'secrets'`,
    ]
  }
  const variable = variableAt(pointer)
  if (shimmed.has(target.type) && variable !== undefined && !fitsShell(variable)) {
    return [
      `${shown} cannot stand in a variable of this name: it would have to be handed over in a command line, and every user of the machine could read it there.`,
      'choose a name of letters, digits and _ that means nothing to a shell',
    ]
  }
  if (!shownPlaces.test(pointer)) return undefined
  return [
    `${shown} cannot stand in a command line: every user of the machine could read it there.`,
    "pass it in 'env', and let the program read the variable",
  ]
}

/** What a type runs it with is known by its plugin alone: most are programs of this machine. */
function targetOf({definition}: StackNode): {readonly type: string} {
  return definition.target ?? {type: 'process'}
}

function checkReference(context: Context, reference: Reference): Finding | undefined {
  const shown = `The reference '\${${reference.text}}'`
  if (reference.kind === 'stack') return undefined
  if (reference.of === 'secret') return ofSecret(shown, reference.text)
  const found = context.byName.get(reference.of)
  if (reference.of === 'stack' && !found) return [`${shown} means nothing: a stack has a name and a dir.`, undefined]
  if (found === undefined) {
    const near = context.suggests ? didYouMean(reference.of, context.byName.keys()) : undefined
    return [`${shown} names neither a service nor a task of this stack.`, near]
  }
  const wrong = found.kind === 'task' ? ofTask(found, reference) : ofService(context, found, reference)
  if (wrong !== undefined) return [`${shown} ${wrong[0]}`, wrong[1]]
  return inTime(context, found, reference)
}

/** `${secret.NAME}` alone is one; a service cannot be called so. */
function ofSecret(shown: string, text: string): Finding {
  const [, name = 'NAME'] = text.split('.')
  return [`${shown} means nothing: a secret is one text.`, `write '\${secret.${name}}'`]
}

function ofTask(task: StackNode, reference: Reference): Finding | undefined {
  if (reference.kind === 'output') return undefined
  return [`means nothing: task '${task.name}' has outputs only.`, `write '\${${task.name}.outputs.NAME}'`]
}

const serviceFields = ['ip', 'host', 'port', 'url', 'ports', 'outputs']

type ServiceNode = Extract<StackNode, {readonly kind: 'service'}>

function ofService(context: Context, service: StackNode, reference: Reference): Finding | undefined {
  if (service.kind !== 'service') return undefined
  if (reference.kind === 'output') return missingOutput(context, service, reference.path)
  const known = knownEndpoints(context, service.path, service.definition)
  if (reference.kind === 'port') return missingPort(service.name, reference.port, known)
  if (reference.kind !== 'address') {
    const [, field = ''] = reference.text.split('.')
    const message = 'means nothing: a service has ip, host, port, url, ports.NAME and outputs.NAME.'
    return [message, serviceFields.includes(field) ? undefined : didYouMean(field, serviceFields)]
  }
  const needsPort = reference.field === 'port' || reference.field === 'url'
  if (!needsPort || !known.complete || known.names.length > 0) return undefined
  return [`asks for a port, but service '${service.name}' declares none.`, `give ${service.path} 'ports: {http: 0}'`]
}

function missingOutput(
  {catalogue, unsure}: Context,
  service: ServiceNode,
  path: readonly string[],
): Finding | undefined {
  const {names, complete} = outputsOf(service.definition, catalogue)
  const name = path.join('.')
  if (!complete || unsure.units.has(service.path) || names.includes(name)) return undefined
  if (names.length > 0) {
    return [
      `names an output that service '${service.name}' does not have: it has ${names.join(', ')}.`,
      didYouMean(name, names),
    ]
  }
  return [
    `names an output, but no log check of service '${service.name}' has a named group.`,
    `give ${service.path}.health_check a 'log' with a group, like 'port (?<${/^[A-Za-z_]\w*$/.test(name) ? name : 'port'}>\\d+)'`,
  ]
}

function knownEndpoints({catalogue, unsure}: Context, path: string, service: ServiceDefinition): KnownEndpoints {
  const known = endpointsOf(service, catalogue)
  return unsure.units.has(path) ? {...known, complete: false} : known
}

function missingPort(service: string, port: string, known: KnownEndpoints): Finding | undefined {
  if (!known.complete || known.names.includes(port)) return undefined
  const has = known.names.length === 0 ? 'none' : known.names.join(', ')
  return [`names a port that service '${service}' does not have: it has ${has}.`, didYouMean(port, known.names)]
}

/** Addresses and outputs are filled in when something starts: by then what it refers to must be there. */
function inTime(context: Context, found: StackNode, reference: Reference): Finding | undefined {
  const {node, reach, unbounded} = context
  const shown = `The reference '\${${reference.text}}'`
  if (found.id === node.id) return ofItself(context, reference, shown)
  if (unbounded.has(node.id)) return undefined
  if (reach(node.id, (id) => id === found.id))
    return reference.kind === 'output' ? hasOutputs(context, found, shown) : undefined
  const entry = found.kind === 'service' ? found.name : `{task: ${found.name}}`
  return [
    `${shown} is not known in time: ${found.kind} '${found.name}' is not a dependency of ${node.path}.`,
    `add ${entry} to ${node.path}.dependencies`,
  ]
}

/** Its addresses are known before it starts. */
function ofItself({node, late}: Context, reference: Reference, shown: string): Finding | undefined {
  if (node.kind === 'service' && (reference.kind !== 'output' || late)) return undefined
  return [`${shown} asks a ${node.kind} for its own outputs.`, undefined]
}

/** Outputs come after the start: somebody on the way must wait for more. */
function hasOutputs({nodes, node, reach}: Context, found: StackNode, shown: string): Finding | undefined {
  const waits = (id: string): boolean =>
    nodes.get(id)?.edges.some((edge) => edge.id === found.id && edge.condition !== 'started') === true
  if (waits(node.id) || reach(node.id, waits)) return undefined
  return [
    `${shown} is not known in time: ${found.kind} '${found.name}' is only waited for until it is started.`,
    "leave 'condition: started' out",
  ]
}

/** Only the daemon knows what the task types of plugins depend on; and some dependencies may not have been read. */
function bringsEdges(
  node: StackNode,
  {catalogue, unsure}: {readonly catalogue: Catalogue | undefined; readonly unsure: Unsure},
): boolean {
  if (unsure.units.has(node.path)) return true
  return !catalogue && node.kind === 'task' && node.definition.taskType !== 'command'
}

function walk(pointer: string, value: Json, visit: (pointer: string, text: string) => void): void {
  if (typeof value === 'string') {
    if (value.includes('$')) visit(pointer, value)
  } else if (Array.isArray(value)) {
    for (const [index, inner] of (value as readonly Json[]).entries()) walk(pointerTo(pointer, index), inner, visit)
  } else if (isJsonObject(value)) {
    for (const [key, inner] of Object.entries(value)) walk(pointerTo(pointer, key), inner, visit)
  }
}

function malformed(text: string): Finding {
  return [`'${text}' is neither a reference nor a literal '$'.`, `write '$$' for a literal '$'`]
}

function problem(pointer: string, code: Diagnostic['code'], [message, suggestion]: Finding): Diagnostic {
  return {severity: 'error', code, message, pointer, ...(suggestion === undefined ? {} : {suggestion})}
}
