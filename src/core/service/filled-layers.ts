import {HarnessError} from '../base/errors.js'
import {isElsewhere, requireLayer} from '../command/wrap.js'
import {fitFilled} from '../config/fit-filled.js'
import type {JsonObject} from '../base/json.js'
import type {Executor, StartRequest} from '../contract/executor.js'
import type {Layer} from '../contract/layer.js'
import type {LayerDefinition, TargetDefinition} from '../contract/stack.js'
import type {Endpoint} from '../contract/workload.js'

interface Around {
  readonly definition: {readonly layers?: readonly LayerDefinition[]}
  readonly layer: (kind: string) => Layer | undefined
}

interface Layered extends Around {
  readonly definition: Around['definition'] & {readonly target: TargetDefinition}
  readonly name: string
  readonly executor: Executor
  readonly fill: <T extends JsonObject>(template: T, own: readonly Endpoint[]) => T
}

/** What an attempt runs in, references filled in. EXECUTOR_CANNOT where its executor runs nothing in layers. */
export function filledLayers(
  options: Layered,
  endpoints: readonly Endpoint[],
): Pick<StartRequest, 'elsewhere' | 'layers'> {
  const {definition, executor, fill, layer, name} = options
  const {layers = []} = definition
  if (layers.length === 0) return {}
  const why =
    executor.capabilities.layers === true
      ? executor.whyNotInLayers?.(definition.target.spec)
      : 'they are for programs of this machine'
  if (why !== undefined) {
    throw new HarnessError('EXECUTOR_CANNOT', {
      subject: executor.kind,
      reason: `it cannot run '${name}' in layers: ${why}`,
      hint: `Write 'layers: []' at '${name}' in the stack file.`,
    })
  }
  const filled = layers.map(({type, spec: template}, index) => {
    const spec = fill(template, endpoints)
    const options = {template, filled: spec, subject: name, place: `${name}.layers[${index}]`}
    return {type, spec: fitFilled(requireLayer(type, layer).specSchema, options)}
  })
  return {layers: filled, ...(isElsewhere(filled, layer) && {elsewhere: true})}
}

/** The ports of what runs elsewhere are none of this machine's. */
export function leadsAway({definition: {layers = []}, layer}: Around): boolean {
  return isElsewhere(layers, layer)
}
