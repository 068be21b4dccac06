import type {Client} from '../../core/client/client.js'
import type {LogLine} from '../../core/contract/log.js'
import {layoutFor, logText, type LogLayout} from '../log-lines.js'
import type {Terminal} from '../terminal.js'

export interface LogSession {
  readonly stack: string
  /** Services and tasks. */
  readonly names: readonly string[]
  /** The attempt of each service when the session began: what was printed before is not shown. */
  readonly attempts: ReadonlyMap<string, number>
}

export interface FollowedLogs {
  /** Shows what is missing to the last line, and follows no more. */
  end(): Promise<void>
}

/** How much is looked through at the end for lines that were not shown yet. */
const lastLines = 1000

/** Shows what services and tasks print from now on, merged, with their names; to the last line. */
export function followLogs(client: Client, terminal: Terminal, {stack, names, attempts}: LogSession): FollowedLogs {
  const following = new AbortController()
  const seen = new SeenLines(attempts)
  let layout: LogLayout = {
    style: terminal.style,
    names,
    nameWidth: Math.max(0, ...names.map((name) => name.length)),
    timestamps: false,
    raw: false,
  }
  const show = (lines: readonly LogLine[], isNew: (line: LogLine) => boolean): void => {
    layout = layoutFor(lines, layout)
    for (const line of lines) {
      if (!isNew(line)) continue
      if (terminal.json) terminal.data(line, 'line')
      else terminal.out(logText(line, layout))
    }
  }
  const wish = {stack, services: names, attempts: 'last'} as const
  // Without names it would mean all of the stack.
  if (names.length === 0) return {end: () => Promise.resolve()}
  const followed = client
    .call(
      'logs.read',
      {...wish, tail: 0, follow: true},
      {
        signal: following.signal,
        onLog(lines) {
          show(lines, (line) => seen.isNext(line))
        },
      },
    )
    .catch(() => undefined)
  return {
    async end() {
      following.abort()
      await followed
      const onLog = (lines: readonly LogLine[]): void => {
        show(lines, (line) => seen.isMissing(line))
      }
      await client.call('logs.read', {...wish, tail: lastLines, follow: false}, {onLog}).catch(() => undefined)
    },
  }
}

/** Which lines have been shown, by their place in their stream. */
export class SeenLines {
  private readonly last = new Map<string, number>()

  constructor(private readonly attempts: ReadonlyMap<string, number>) {}

  /** Of lines as they come: it has not come before. */
  isNext(line: LinePlace): boolean {
    const last = this.last.get(keyOf(line))
    if (last !== undefined && line.offset <= last) return false
    this.last.set(keyOf(line), line.offset)
    return true
  }

  /** Of lines that are looked through afterwards: it belongs to what has come, or to an attempt of which nothing has come yet. */
  isMissing(line: LinePlace): boolean {
    const isOld = line.attempt <= (this.attempts.get(line.service) ?? 0)
    return (!isOld || this.last.has(keyOf(line))) && this.isNext(line)
  }
}

type LinePlace = Pick<LogLine, 'attempt' | 'offset' | 'service' | 'stream'>

function keyOf({service, attempt, stream}: LinePlace): string {
  return `${service} ${attempt} ${stream}`
}
