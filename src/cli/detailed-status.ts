import {formatDuration} from '../core/base/duration.js'
import {printable} from '../core/base/printable.js'
import type {ExitReport, ServiceStatus, ServiceUsage, StackStatus} from '../core/contract/status.js'
import {nameText, placeText, taskLines, whyText} from './status-lines.js'
import {byteText} from './byte-text.js'
import type {Style} from './style.js'

/** What each service uses, by its name. */
export type Usages = ReadonlyMap<string, ServiceUsage>

/** `status --detailed`: everything known about each service, a block each. */
export function detailedStatusLines(
  status: StackStatus,
  {style, now, usage}: {readonly style: Style; readonly now: number; readonly usage?: Usages | undefined},
): readonly string[] {
  return [
    `${style.bold(printable(status.name))} ${style.dim(printable(status.file))}`,
    ...status.services.flatMap((service) => ['', ...serviceFieldLines(service, style, now, usage?.get(service.name))]),
    ...(status.tasks.length === 0 ? [] : ['', ...taskLines(status.tasks, style)]),
  ]
}

/** One service: its name, then a line for everything there is to say of it. */
export function serviceFieldLines(
  service: ServiceStatus,
  style: Style,
  now: number,
  usage?: ServiceUsage,
): readonly string[] {
  const fields: readonly (readonly [string, string])[] = [
    [
      'state',
      `${service.state} since ${service.since} (${formatDuration(Math.max(0, now - Date.parse(service.since)))})`,
    ],
    ['wanted', service.desired],
    [
      'health',
      service.health
        ? `${service.health.ok ? 'ok' : 'failing'}: ${service.health.message} at ${service.health.at}`
        : '',
    ],
    ['where', placeText(service)],
    ...service.endpoints.map(({name, url}) => [`endpoint ${name}`, url] as const),
    ['uptime', service.uptimeMs === null ? '' : formatDuration(service.uptimeMs)],
    ['processor', usage ? `${(usage.cpu * 100).toFixed(1)} % of a core` : ''],
    ['memory', usage ? memoryText(usage) : ''],
    [
      'attempt',
      service.attempt === 0 ? '' : `${service.attempt} (${service.restarts} restarts since the last start by hand)`,
    ],
    ['exit', exitText(service.exit)],
    ...Object.entries(service.outputs).map(([name, value]) => [`output ${name}`, value] as const),
    ['why', whyText(service, now)],
  ]
  const shown = fields.filter(([, value]) => value !== '')
  const width = Math.max(...shown.map(([name]) => name.length))
  return [
    style.bold(nameText(service)),
    ...shown.map(([name, value]) => `  ${style.dim(printable(name).padEnd(width))}  ${printable(value)}`),
  ]
}

function memoryText({memory, memoryLimit}: ServiceUsage): string {
  return memoryLimit === undefined ? byteText(memory) : `${byteText(memory)} of ${byteText(memoryLimit)}`
}

function exitText(exit: ExitReport | null): string {
  if (exit === null) return ''
  return `${exit.signal ?? (exit.code === null ? 'not known' : `code ${exit.code}`)} at ${exit.at}`
}
