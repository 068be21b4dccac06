import {systemClock} from '../../core/base/clock.js'
import {printable} from '../../core/base/printable.js'
import type {EventItem} from '../../core/client/api/events.js'
import {stackLabel} from '../stack-label.js'
import type {Terminal} from '../terminal.js'
import {eventLines, type EventLine} from './event-lines.js'

export interface EventPrinter {
  /** Takes note of what stacks and services are called. */
  learn(item: EventItem): void
  show(item: EventItem): void
}

/** Prints what happens: a record with `--json`, else a line with its time, and whose it is. */
export function eventPrinter(terminal: Pick<Terminal, 'data' | 'json' | 'out' | 'style'>): EventPrinter {
  const stackNames = new Map<string, string>()
  const {style} = terminal
  let width = 0
  /** It has its name until the next event: this one is shown with it. */
  let forgotten: string | undefined
  const labelOf = ({stack, name}: EventLine): string => {
    const known = [...stackNames].map(([id, stackName]) => ({stack: id, stackName}))
    const whose = stackLabel(known)({stack, stackName: stackNames.get(stack) ?? stack})
    const label = [whose, ...(name === undefined ? [] : [name])].join('/')
    width = Math.max(width, label.length)
    return printable(label).padEnd(width)
  }
  return {
    learn(item) {
      if (forgotten !== undefined) stackNames.delete(forgotten)
      forgotten = undefined
      if (item.topic === 'stack.loaded') stackNames.set(item.stack, item.name)
      if (item.topic === 'stack.forgotten') forgotten = item.stack
      if (item.topic !== 'snapshot') return
      for (const {stack, name, services, tasks} of item.stacks) {
        stackNames.set(stack, name)
        for (const each of [...services, ...tasks]) width = Math.max(width, name.length + 1 + each.name.length)
      }
    },
    show(item) {
      if (terminal.json) terminal.data(item, 'line')
      else {
        for (const line of eventLines(item, style, systemClock.now())) {
          terminal.out(`${style.dim(line.time)} ${style.bold(labelOf(line))}  ${line.text}`)
        }
      }
    },
  }
}
