import type {Json, JsonObject} from '../base/json.js'
import type {ProbeCheck} from '../contract/probe.js'
import type {LayerDefinition} from '../contract/stack.js'
import type {StackNode} from './stack-graph.js'

/** A part of a definition with templates inside. */
export interface TemplatePart {
  readonly pointer: string
  readonly value: Json
  /** Filled in only when its service is up: what that has printed is known. */
  readonly late: boolean
}

/** Every part of a service or task that may hold references. */
export function templatesOf(node: StackNode): readonly TemplatePart[] {
  const {target, layers, env} = node.definition
  const own = node.kind === 'service' ? serviceParts(node.definition) : taskParts(node.definition)
  return Object.entries({'target/spec': target?.spec, ...layerSpecs(layers), env, ...own}).flatMap(([key, value]) =>
    value === undefined ? [] : [{pointer: `${node.pointer}/${key}`, value, late: key === 'stopCommand'}],
  )
}

type Definition<Kind> = Extract<StackNode, {readonly kind: Kind}>['definition']
type Parts = Readonly<Record<string, Json | undefined>>

function layerSpecs(layers: readonly LayerDefinition[] = []): Parts {
  return Object.fromEntries(layers.map(({spec}, index) => [`layers/${index}/spec`, spec]))
}

function serviceParts({config, healthCheck, liveness, stopCommand}: Definition<'service'>): Parts {
  return {
    config,
    'healthCheck/check': healthCheck && templateOf(healthCheck.check),
    'liveness/check': liveness && templateOf(liveness.check),
    stopCommand: stopCommand && {...stopCommand},
  }
}

function taskParts({input, creates, status}: Definition<'task'>): Parts {
  return {input, creates, status: status && {...status}}
}

/** A pattern is no template: in it a `$` is the end of the line. */
function templateOf(check: ProbeCheck): JsonObject {
  if (check.kind === 'log') return {}
  return check.kind === 'all' || check.kind === 'any' ? {checks: check.checks.map(templateOf)} : {...check}
}
