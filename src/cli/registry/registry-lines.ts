import {formatDuration} from '../../core/base/duration.js'
import {printable} from '../../core/base/printable.js'
import type {RegisteredService, Verification} from '../../core/contract/registry.js'
import {stackLabel} from '../stack-label.js'
import {placeText, stateCell} from '../status-lines.js'
import type {Style} from '../style.js'
import {tableLines, type Cell} from '../table.js'

interface Drawing {
  readonly style: Style
  /** In milliseconds since the epoch. */
  readonly now: number
  /** Columns of the screen. */
  readonly width?: number
}

/** The table of `harness registry list`. */
export function registryLines(
  services: readonly RegisteredService[],
  {style, now, width = Infinity}: Drawing,
): readonly string[] {
  if (services.length === 0) return ['No service is there. `harness registry list --all` shows those that rest.']
  return tableLines(
    services,
    [
      {title: 'STACK', cell: stackLabel(services)},
      {title: 'SERVICE', cell: ({service}) => ({text: service, paint: style.bold})},
      {title: 'STATE', cell: ({state}) => stateCell(state, style)},
      {title: 'CHECKED', cell: (service) => checkedCell(service, style, now)},
      {title: 'WHERE', cell: placeText},
      {title: 'NETWORK', cell: ({network}) => network ?? ''},
      {
        title: 'ENDPOINTS',
        cell: ({endpoints}) => ({text: endpoints.map(({url}) => url).join(' '), paint: style.cyan}),
      },
      {title: 'WHY', cell: ({verified, reason}) => (verified ? '' : reason)},
    ],
    style.dim,
    width,
  )
}

function checkedCell({verified, checkedAt}: Verification, style: Style, now: number): Cell {
  if (!verified || checkedAt === null) return {text: 'no', paint: style.yellow}
  return {text: agoText(checkedAt, now), paint: style.green}
}

function agoText(at: string, now: number): string {
  const ms = now - Date.parse(at)
  return ms < 1000 ? 'now' : `${formatDuration(ms)} ago`
}

/** `harness registry get`: an entry, a line for everything there is to say of it. */
export function entryLines(service: RegisteredService, {style, now}: Drawing): readonly string[] {
  const fields: readonly (readonly [string, string])[] = [
    ['stack', `${service.stackName} (${service.stack})`],
    ['file', service.file],
    ['state', `${service.state} since ${service.since}`],
    ['there', aliveText(service)],
    ['checked', service.verified && service.checkedAt !== null ? agoText(service.checkedAt, now) : 'not yet'],
    ['how', service.reason],
    ['target', [service.target, service.serviceType ?? ''].filter((part) => part !== '').join(', a ')],
    ['where', placeText(service)],
    ['network', service.network ?? ''],
    [
      'replica',
      service.group === service.service && service.replica === 1 ? '' : `${service.replica} of ${service.group}`,
    ],
    ...service.endpoints.map(({name, url}) => [`endpoint ${name}`, url] as const),
    ...service.attempts.map(
      ({attempt, startedAt, executor, instance, current}) =>
        [`attempt ${attempt}`, `${startedAt} ${executor} ${instance}${current ? ' (the newest)' : ''}`] as const,
    ),
  ]
  return fieldLines(service.service, fields, style)
}

function aliveText({alive, ready}: RegisteredService): string {
  if (alive === null) return 'not known'
  if (!alive) return 'no'
  return ready ? 'yes, and ready' : 'yes, not ready'
}

function fieldLines(title: string, fields: readonly (readonly [string, string])[], style: Style): readonly string[] {
  const shown = fields.filter(([, value]) => value !== '')
  const width = Math.max(...shown.map(([name]) => name.length))
  return [
    style.bold(printable(title)),
    ...shown.map(([name, value]) => `  ${style.dim(printable(name).padEnd(width))}  ${printable(value)}`),
  ]
}
