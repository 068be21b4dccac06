import type {Json} from '../core/base/json.js'
import {isJsonObject, jsonText} from '../core/base/json.js'
import {printable} from '../core/base/printable.js'
import type {Terminal} from './terminal.js'

export interface TaskEvent {
  readonly task: string
  readonly event: Json
}

/** What a task says, as it comes: lines of commands where the program printed them, other events as JSON. Tasks that it needs are named. */
export function printTaskEvent(
  terminal: Pick<Terminal, 'data' | 'json' | 'out' | 'warn'>,
  said: TaskEvent,
  asked: string,
): void {
  const {task, event} = said
  if (terminal.json) {
    terminal.data(task === asked ? {event} : {task, event}, 'line')
    return
  }
  const name = task === asked ? '' : `${printable(task)}: `
  const text = `${name}${taskEventText(event)}`
  if (commandLine(event)?.stream === 'stderr') terminal.warn(text)
  else terminal.out(text)
}

export function taskEventText(event: Json): string {
  return printable(commandLine(event)?.text ?? jsonText(event))
}

function commandLine(event: Json): {readonly stream: string; readonly text: string} | undefined {
  if (!isJsonObject(event) || Object.keys(event).length !== 2) return undefined
  const {stream, text} = event
  return (stream === 'stdout' || stream === 'stderr') && typeof text === 'string' ? {stream, text} : undefined
}
