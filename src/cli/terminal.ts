import {jsonText} from '../core/base/json.js'
import {printableLines} from '../core/base/printable.js'
import {createStyle, wantsColour, type Style} from './style.js'

export interface TerminalOptions {
  /** Data on standard output, and nothing else there. */
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  /** `false` after `--no-color`. */
  readonly colour: boolean
}

/**
 * Where a command prints: its result on standard output, everything else on standard error. Only text, line ends and, where there are
 * colours, colours get through: what was printable before stays as it is, what nobody has looked at can do no harm.
 */
export interface Terminal extends TerminalOptions {
  /** For standard output. */
  readonly style: Style
  /** For standard error. */
  readonly errorStyle: Style
  /** A line of the result for people; silent with `--json`. */
  out(line: string): void
  /** The same as it is: what a program printed, for who asked for its control sequences. */
  raw(lines: string): void
  /** The result as data: indented for people to read, or all on one line where each line is a record. */
  data(value: unknown, layout?: 'indented' | 'line'): void
  /** News and hints, on standard error; silent with `--quiet`. */
  note(line: string): void
  /** What has to be seen, on standard error. */
  warn(line: string): void
}

export function openTerminal(options: TerminalOptions): Terminal {
  const {stdout, stderr, env} = process
  const style = createStyle(wantsColour({env, isTty: stdout.isTTY, flag: options.colour}))
  const errorStyle = createStyle(wantsColour({env, isTty: stderr.isTTY, flag: options.colour}))
  const warn = (line: string): void => {
    stderr.write(`${printableLines(line, {colours: errorStyle.enabled})}\n`)
  }
  const raw = (lines: string): void => {
    if (!options.json) stdout.write(`${lines}\n`)
  }
  return {
    ...options,
    style,
    errorStyle,
    out(line) {
      raw(printableLines(line, {colours: style.enabled}))
    },
    raw,
    data(value, layout = 'indented') {
      stdout.write(`${jsonText(value, layout === 'indented' ? 2 : undefined)}\n`)
    },
    note(line) {
      if (!options.quiet) warn(line)
    },
    warn,
  }
}
