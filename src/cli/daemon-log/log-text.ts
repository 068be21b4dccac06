import {printable} from '../../core/base/printable.js'
import type {Style} from '../style.js'
import {readRecord} from './log-record.js'

/** One line of the daemon's log for people: time, level, message, then what else it says. Lines that are no records stay as they are. */
export function daemonLogText(line: string, style: Style): string {
  const record = readRecord(line)
  if (record === undefined) return printable(line)
  const {time, level, message, ...fields} = record
  const rest = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return printable(
    [style.dim(String(time)), levelText(String(level), style), String(message), style.dim(rest.join(' '))]
      .join(' ')
      .trimEnd(),
    {colours: style.enabled},
  )
}

function levelText(level: string, style: Style): string {
  const text = level.padEnd(5)
  if (level === 'error') return style.red(text)
  return level === 'warn' ? style.yellow(text) : text
}
