import {formatDuration} from '../core/base/duration.js'
import {printable} from '../core/base/printable.js'
import type {ServiceState, TaskState} from '../core/contract/service-state.js'
import type {ExitReport, ServiceStatus, StackStatus, TaskStatus} from '../core/contract/status.js'
import type {Colour, Style} from './style.js'
import {tableLines, type Cell} from './table.js'

/** The table of `harness status`. `now` is in milliseconds since the epoch, `width` in columns of the screen. */
export function statusLines(status: StackStatus, style: Style, now: number, width = Infinity): readonly string[] {
  return [
    `${style.bold(printable(status.name))} ${style.dim(printable(status.file))}`,
    '',
    ...(status.services.length === 0
      ? ['The stack has no services.']
      : serviceLines(status.services, style, now, width)),
    ...(status.tasks.length === 0 ? [] : ['', ...taskLines(status.tasks, style, width)]),
    ...(status.services.every(isAtRest) ? ['', 'Nothing is running.'] : []),
  ]
}

const idle: ReadonlySet<ServiceState> = new Set(['NotStarted', 'Stopped', 'Failed'])

/** What a stop has failed to end may be there: that is unknown. */
function isAtRest({state, reachability}: ServiceStatus): boolean {
  return idle.has(state) && reachability === 'known'
}

export function taskLines(tasks: readonly TaskStatus[], style: Style, width = Infinity): readonly string[] {
  return tableLines(
    tasks,
    [
      {title: 'TASK', cell: (task) => ({text: task.name, paint: style.bold})},
      {title: 'STATE', hideEmpty: false, cell: (task) => stateCell(task.state, style)},
      {title: 'EXIT', cell: (task) => failedExit(task.exit)},
      {title: 'NEXT RUN', cell: ({nextRunAt}) => nextRunAt?.replace(/\.\d+Z$/, 'Z') ?? ''},
      {title: 'WHY', cell: (task) => task.reason ?? waiting(task.waitsFor)},
    ],
    style.dim,
    width,
  )
}

function serviceLines(services: readonly ServiceStatus[], style: Style, now: number, width: number): readonly string[] {
  return tableLines(
    services,
    [
      {title: 'SERVICE', cell: (service) => ({text: nameText(service), paint: style.bold})},
      {title: 'STATE', hideEmpty: false, cell: (service) => stateCell(service.state, style)},
      {title: 'HEALTH', cell: (service) => healthCell(service, style)},
      {title: 'WHERE', cell: placeText},
      {
        title: 'ENDPOINTS',
        cell: ({endpoints}) => ({text: endpoints.map(({url}) => url).join(' '), paint: style.cyan}),
      },
      {title: 'UPTIME', cell: ({uptimeMs}) => (uptimeMs === null ? '' : formatDuration(uptimeMs))},
      {title: 'RESTARTS', cell: ({restarts}) => (restarts === 0 ? '' : String(restarts))},
      {title: 'WHY', cell: (service) => whyText(service, now)},
    ],
    style.dim,
    width,
  )
}

const stateColours: Readonly<Record<ServiceState | TaskState, Colour>> = {
  NotStarted: 'dim',
  Starting: 'cyan',
  SetupRequired: 'cyan',
  SettingUp: 'cyan',
  SetupComplete: 'cyan',
  Running: 'green',
  Unhealthy: 'red',
  Restarting: 'yellow',
  Stopping: 'yellow',
  Stopped: 'dim',
  Failed: 'red',
  Pending: 'dim',
  Succeeded: 'green',
  Skipped: 'green',
  Blocked: 'yellow',
}

export function stateCell(state: ServiceState | TaskState, style: Style): Cell {
  return {text: state, paint: style[stateColours[state]]}
}

function healthCell({health, uptimeMs}: ServiceStatus, style: Style): Cell {
  if (health === null || uptimeMs === null) return {text: ''}
  return health.ok ? {text: 'ok', paint: style.green} : {text: 'failing', paint: style.red}
}

/** Its name; for what only still runs, that it is in the file no more. */
export function nameText({name, orphan}: ServiceStatus): string {
  return printable(orphan ? `${name} (not in the file)` : name)
}

/** Where it is, or was: a pid counts only while it runs. */
export function placeText({pid, container, host}: Pick<ServiceStatus, 'container' | 'host' | 'pid'>): string {
  return [pid === null ? '' : `pid ${pid}`, container ?? '', host ?? ''].filter((part) => part !== '').join(' @ ')
}

/** What there is to say beside the state: an obstacle, a wait, a back-off, a failing probe, a reason. */
export function whyText(service: ServiceStatus, now: number): string {
  const parts = [
    service.blockedBy ? `blocked: ${service.blockedBy.reason.replace(/^blocked: /, '')}` : waiting(service.waitsFor),
    service.blockedBy ? '' : (service.reason ?? ''),
    service.backoffUntil === null
      ? ''
      : `next start in ${formatDuration(Math.max(0, Date.parse(service.backoffUntil) - now))}`,
    service.overdue ? 'left running for inspection' : '',
    unknownText(service),
    failingProbe(service),
  ]
  return [...new Set(parts.filter((part) => part !== ''))].join('; ')
}

function unknownText({reachability, state}: ServiceStatus): string {
  if (reachability === 'known') return ''
  return idle.has(state) ? 'may still run' : 'cannot be reached: last known state'
}

/** A failure to get ready carries the words of its last probe already. */
function failingProbe({health, uptimeMs, reason}: ServiceStatus): string {
  if (health === null || health.ok || uptimeMs === null) return ''
  return reason?.includes(health.message) ? '' : health.message
}

function waiting(names: readonly string[]): string {
  return names.length === 0 ? '' : `waits for ${names.join(', ')}`
}

function failedExit(exit: ExitReport | null): string {
  if (exit === null || exit.code === 0) return ''
  return exit.signal ?? (exit.code === null ? 'lost' : String(exit.code))
}
