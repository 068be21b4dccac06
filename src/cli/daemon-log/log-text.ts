import {jsonText, type Json} from '../../core/base/json.js'
import {printable} from '../../core/base/printable.js'
import type {Style} from '../style.js'
import {readRecord} from './log-record.js'

/** One line of the daemon's log for people: time, level, message, then what else it says. Lines that are no records stay as they are. */
export function daemonLogText(line: string, style: Style): string {
  const record = readRecord(line)
  if (record === undefined) return printable(line)
  const {time, level, message, ...fields} = record
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${textOf(value)}`)
  return printable(
    [style.dim(textOf(time)), levelText(textOf(level), style), textOf(message), style.dim(rest.join(' '))]
      .join(' ')
      .trimEnd(),
    {colours: style.enabled},
  )
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : jsonText(value ?? null)
}

function levelText(level: string, style: Style): string {
  const text = level.padEnd(5)
  if (level === 'error') return style.red(text)
  return level === 'warn' ? style.yellow(text) : text
}
