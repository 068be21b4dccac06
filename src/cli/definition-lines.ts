import {formatDuration} from '../core/base/duration.js'
import {printable} from '../core/base/printable.js'
import type {Probe, ProbeCheck} from '../core/contract/probe.js'
import type {DependencyDefinition, LayerDefinition, ServiceDefinition} from '../core/contract/stack.js'
import type {Style} from './style.js'

/** What the stack file says of a service, in short: a line for each thing that it says. */
export function definitionLines(definition: ServiceDefinition, style: Style): readonly string[] {
  const fields = definitionFields(definition).filter(([, value]) => value !== '')
  const width = Math.max(...fields.map(([name]) => name.length))
  return fields.map(([name, value]) => `  ${style.dim(name.padEnd(width))}  ${printable(value)}`)
}

function definitionFields(definition: ServiceDefinition): readonly (readonly [string, string])[] {
  const {
    serviceType,
    target,
    layers = [],
    dependencies,
    ports,
    healthCheck,
    liveness,
    restart,
    graceMs,
    watch,
  } = definition
  return [
    ['type', serviceType ?? ''],
    ['runs as', target?.type ?? ''],
    ['runs in', layers.map(layerText).join(' → ')],
    ['needs', dependencies.map(edgeText).join(', ')],
    ['ports', ports.map(({name, protocol, port}) => `${name} ${protocol} ${port === 0 ? 'any' : port}`).join(', ')],
    ['health check', healthCheck ? probeText(healthCheck) : ''],
    ['liveness', liveness ? probeText(liveness) : ''],
    ['restart', restart?.policy ?? ''],
    ['start timeout', definition.startupTimeoutMs === undefined ? '' : formatDuration(definition.startupTimeoutMs)],
    ['grace', graceMs === undefined ? '' : formatDuration(graceMs)],
    ['replicas', definition.replicas === 1 ? '' : String(definition.replicas)],
    ['watches', watch.flatMap(({paths}) => paths).join(', ')],
    ['environment', Object.keys(definition.env).join(', ')],
  ]
}

function layerText({type, spec}: LayerDefinition): string {
  return [type, ...Object.entries(spec).flatMap(([, value]) => (typeof value === 'string' ? [value] : []))].join(' ')
}

function edgeText({kind, name, condition, required}: DependencyDefinition): string {
  return `${kind === 'task' ? 'task ' : ''}${name} ${condition}${required ? '' : ' (optional)'}`
}

function probeText({check, intervalMs}: Probe): string {
  return `${checkText(check)} every ${formatDuration(intervalMs)}`
}

function checkText(check: ProbeCheck): string {
  switch (check.kind) {
    case 'http':
      return `${check.method} ${check.url}`
    case 'tcp':
      return `tcp ${check.host}:${check.port}`
    case 'command':
      return [check.program, ...check.args].join(' ')
    case 'log':
      return `log /${check.pattern}/`
    case 'all':
    case 'any':
      return `${check.kind} of (${check.checks.map(checkText).join(', ')})`
  }
}
