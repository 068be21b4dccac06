import {printable} from '../core/base/printable.js'
import type {LogLine} from '../core/contract/log.js'
import {byteText} from './byte-text.js'
import type {Colour, Style} from './style.js'

export interface LogLayout {
  readonly style: Style
  readonly nameWidth: number
  /** The services in the order of the stack: each keeps its colour. */
  readonly names: readonly string[]
  readonly timestamps: boolean
  /** Text as it came, with its control sequences. */
  readonly raw: boolean
}

/** The layout with what these lines need besides: services and replicas may have come since it was made. */
export function layoutFor(lines: readonly LogLine[], layout: LogLayout): LogLayout {
  const {names, nameWidth} = layout
  const printing = [...new Set(lines.map(({service}) => service))]
  const come = printing.filter((name) => !names.includes(name))
  const width = Math.max(nameWidth, ...printing.map((name) => name.length))
  return come.length === 0 && width === nameWidth ? layout : {...layout, names: [...names, ...come], nameWidth: width}
}

const colours: readonly Colour[] = ['cyan', 'yellow', 'green', 'magenta', 'blue']

/** One line of `harness logs`: whose it is, then what it says. A gap says what was lost. */
export function logText(line: LogLine, layout: LogLayout): string {
  const {style} = layout
  const index = layout.names.indexOf(line.service)
  const colour = colours[Math.max(0, index) % colours.length] ?? 'cyan'
  const name = style[colour](printable(line.service).padEnd(layout.nameWidth))
  const time = layout.timestamps ? `${style.dim(`${line.time}${line.estimated ? '~' : ''}`)} ` : ''
  if (line.gap) return `${time}${name} ${style.yellow('┊')} ${style.yellow(gapText(line))}`
  const bar = line.stream === 'stderr' ? style.red('│') : style.dim('│')
  const text = layout.raw ? line.text : printable(line.text, {colours: style.enabled})
  return `${time}${name} ${bar} ${text}`
}

function gapText({gap, text}: LogLine): string {
  const amount = gap?.bytes === null || gap?.bytes === undefined ? 'Output' : byteText(gap.bytes)
  return `${amount} lost here: ${printable(text)}`
}
