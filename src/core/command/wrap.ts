import {HarnessError} from '../base/errors.js'
import type {CommandSpec} from '../contract/command.js'
import type {Layer, LayerUse} from '../contract/layer.js'

type Find = (kind: string) => Layer | undefined

/** The command that has the given one run in these layers, the outermost first. EXECUTOR_UNAVAILABLE when no plugin brings one. */
export function wrapAll(command: CommandSpec, layers: readonly LayerUse[], find: Find): CommandSpec {
  return layers.reduceRight((inner, {type, spec}, index) => {
    const place = {isHere: !isElsewhere(layers.slice(0, index), find)}
    return requireLayer(type, find).wrap(inner, spec, place)
  }, command)
}

/** For people, the outermost first: `ssh build@10.0.0.4 → docker exec db`. */
export function describeLayers(layers: readonly LayerUse[], find: Find): string {
  return layers.map(({type, spec}) => requireLayer(type, find).describe(spec)).join(' → ')
}

/** Some of them leads away from this machine. */
export function isElsewhere(layers: readonly LayerUse[], find: Find): boolean {
  return layers.some(({type}) => requireLayer(type, find).local !== true)
}

/** EXECUTOR_UNAVAILABLE. */
export function requireLayer(type: string, find: Find): Layer {
  const layer = find(type)
  if (layer) return layer
  throw new HarnessError('EXECUTOR_UNAVAILABLE', {
    subject: type,
    reason: `no plugin brings the layer '${type}'`,
    hint: 'Run `harness types` for those that there are, and `harness plugins install NAME` for another.',
  })
}
