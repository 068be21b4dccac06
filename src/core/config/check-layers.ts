import type {Catalogue} from '../contract/catalogue.js'
import type {Diagnostic} from '../contract/diagnostic.js'
import type {Layer} from '../contract/layer.js'
import type {LayerDefinition, PortDefinition, TargetDefinition} from '../contract/stack.js'
import {checkValue} from './check-value.js'
import {pointerTo} from './reading.js'
import {unknownType} from './unknown-type.js'

export interface Types {
  readonly catalogue: Catalogue
  /** What a type is that a plugin would bring which could be installed. */
  readonly notInstalled: Diagnostic['severity']
  /** Packages that the file names and that are not installed. */
  readonly lacking: readonly string[]
}

interface Whose {
  readonly pointer: string
  readonly path: string
  /** Missing where nothing is run, or it is not known what. */
  readonly target: TargetDefinition | undefined
  readonly ports: readonly PortDefinition[]
}

/** Layers that no plugin brings, values that do not fit them, and targets that they cannot be around. */
export function checkLayers(
  types: Types,
  {layers = []}: {readonly layers?: readonly LayerDefinition[]},
  whose: Whose,
): Diagnostic[] {
  if (layers.length === 0) return []
  const all = pointerTo(whose.pointer, 'layers')
  return [
    ...checkTarget(types, whose, all),
    ...layers.flatMap((layer, index) =>
      checkLayer(types, layer, {pointer: pointerTo(all, index), path: `${whose.path}.layers[${index}]`}),
    ),
    ...checkPorts(types, layers, whose),
  ]
}

function checkLayer(
  {catalogue, ...when}: Types,
  {type, spec}: LayerDefinition,
  at: Pick<Whose, 'path' | 'pointer'>,
): Diagnostic[] {
  const layer = catalogue.layer(type)
  if (layer === undefined) {
    const known = {names: catalogue.names.layers, pointer: pointerTo(at.pointer, 'type'), ...when}
    return [unknownType('layer', type, known)]
  }
  return checkValue(layer.specSchema, spec, {
    pointer: pointerTo(at.pointer, 'spec'),
    path: at.path,
    owner: `the layer '${type}'`,
  })
}

/** What is started by an engine or another machine has no command here that could be led elsewhere. */
function checkTarget({catalogue}: Types, {path, target}: Whose, pointer: string): Diagnostic[] {
  if (target === undefined) return [refused(pointer, `${path} has no command that layers could be around.`)]
  const executor = catalogue.executor(target.type)
  if (executor === undefined) return []
  const {layers} = executor.capabilities
  const why =
    layers === true
      ? executor.whyNotInLayers?.(target.spec)
      : `they are for programs of this machine, and '${target.type}' is none`
  return why === undefined ? [] : [refused(pointer, `${path} cannot run in layers: ${why}.`)]
}

function refused(pointer: string, message: string): Diagnostic {
  const suggestion = "write 'layers: []' there, which takes it out of all layers"
  return {severity: 'error', code: 'CONFIG_INVALID_VALUE', message, pointer, suggestion}
}

/** Nobody here can tell which ports are free there. */
function checkPorts(
  {catalogue}: Types,
  layers: readonly LayerDefinition[],
  {ports, pointer, path}: Whose,
): Diagnostic[] {
  const leadsAway = (layer: Layer | undefined): boolean => layer !== undefined && layer.local !== true
  if (!layers.some(({type}) => leadsAway(catalogue.layer(type)))) return []
  return ports.flatMap(({port}, index) => {
    if (port !== 0) return []
    const message = `${path}.ports[${index}]: a free port cannot be picked where its layers lead.`
    const at = pointerTo(pointerTo(pointer, 'ports'), index)
    return [{severity: 'error', code: 'CONFIG_INVALID_VALUE', message, pointer: at, suggestion: 'write a number'}]
  })
}
