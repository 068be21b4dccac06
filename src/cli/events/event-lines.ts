import {isoTime} from '../../core/base/clock.js'
import type {EventItem} from '../../core/client/api/events.js'
import {printable} from '../../core/base/printable.js'
import type {ServiceState, TaskState} from '../../core/contract/service-state.js'
import type {StackStatus, TaskStatus} from '../../core/contract/status.js'
import type {DaemonEvent} from '../../core/protocol/notifications.js'
import {causeText, exitText} from '../history-lines.js'
import {taskEventText} from '../print-task-event.js'
import {stateCell, whyText} from '../status-lines.js'
import type {Style} from '../style.js'

/** What one line of `harness events` says. */
export interface EventLine {
  /** ISO 8601. */
  readonly time: string
  /** The stack's id. */
  readonly stack: string
  /** A service or a task; `undefined` for what is about the whole stack. */
  readonly name?: string
  readonly text: string
}

/** What happened, in words: a line, or with a snapshot one for each service and task. `now`: when it came, in milliseconds since the epoch. */
export function eventLines(item: EventItem, style: Style, now: number): readonly EventLine[] {
  if (item.topic === 'snapshot') return item.stacks.flatMap((stack) => stackLines(stack, style, now))
  return [{time: item.time, stack: item.stack, ...said(item, style, now)}]
}

function stackLines({stack, services, tasks}: StackStatus, style: Style, now: number): readonly EventLine[] {
  const line = (name: string, state: string, why: string): EventLine => ({
    time: isoTime(now),
    stack,
    name,
    text: sentence(`is ${stateText(state, style)}`, why),
  })
  return [
    ...services.map((service) => line(service.name, service.state, whyText(service, now))),
    ...tasks.map((task) => line(task.name, task.state, taskWhy(task))),
  ]
}

function said(event: DaemonEvent, style: Style, now: number): Pick<EventLine, 'name' | 'text'> {
  switch (event.topic) {
    case 'service.state': {
      const {service, from, to, status} = event
      const moved = `${stateText(from, style)} → ${stateText(to, style)}`
      const why = causeText({event: event.event, exit: status.exit, reason: whyText(status, now)})
      return {name: service, text: sentence(moved, why)}
    }
    case 'task.state':
      return {name: event.task, text: sentence(stateText(event.status.state, style), taskWhy(event.status))}
    case 'service.event':
    case 'task.event':
      return ownEvent(event)
    case 'service.registered':
    case 'service.updated': {
      const urls = event.entry.endpoints.map(({url}) => style.cyan(printable(url))).join(' ')
      return {name: event.service, text: sentence(event.topic === 'service.updated' ? 'updated' : 'registered', urls)}
    }
    case 'service.unregistered':
      return {name: event.service, text: 'unregistered'}
    case 'network.topology':
      return {text: networksText(event.networks)}
    case 'stack.loaded':
    case 'stack.forgotten':
      return {text: `${event.topic.replace('stack.', '')}: ${printable(event.name)}`}
  }
}

function networksText(networks: Extract<DaemonEvent, {topic: 'network.topology'}>['networks']): string {
  const names = networks.map(({name, type}) => `${name} (${type})`).join(', ')
  return names === '' ? 'has no networks' : `networks: ${printable(names)}`
}

/** In the form of the type. */
function ownEvent(event: Extract<DaemonEvent, {topic: 'service.event' | 'task.event'}>): {name: string; text: string} {
  return {name: 'task' in event ? event.task : event.service, text: taskEventText(event.event)}
}

function stateText(state: string, style: Style): string {
  const {text, paint} = stateCell(state as ServiceState | TaskState, style)
  return paint?.(printable(text)) ?? printable(text)
}

function taskWhy({reason, exit}: TaskStatus): string {
  if (reason !== null) return reason
  return exit === null || exit.code === 0 ? '' : exitText(exit, '')
}

function sentence(what: string, why: string): string {
  return why === '' ? what : `${what}  ${printable(why)}`
}
