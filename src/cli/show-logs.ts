import type {Client} from '../core/client/client.js'
import {isHarnessError} from '../core/base/errors.js'
import {askStack} from './ask-stack.js'
import type {StackChoiceFlags} from './flags.js'
import {interrupted, interruptedExit, interruptible} from './interruptible.js'
import {createLogCursor, type LogCursor} from '../core/client/log-cursor.js'
import {layoutFor, logText, type LogLayout} from './log-lines.js'
import type {LogFilter} from './parse-log-filter.js'
import type {Terminal} from './terminal.js'
import {openDaemon, waitForDaemon, type Host} from './with-daemon.js'

export interface LogWish extends LogFilter {
  readonly choice: StackChoiceFlags
  readonly services: readonly string[]
  readonly follow: boolean
  readonly timestamps: boolean
  readonly raw: boolean
}

/** `harness logs`: answers the exit code. */
export async function showLogs(host: Host, wish: LogWish): Promise<number> {
  const end = await interruptible((signal) => readOn(host, wish, signal))
  return end === interrupted ? interruptedExit : 0
}

/** Following outlives the daemon: it goes on with the next one, where it was. */
async function readOn(host: Host, wish: LogWish, signal: AbortSignal): Promise<void> {
  const {terminal} = host
  const cursor = createLogCursor()
  let client = await openDaemon(host)
  let stack: string | undefined
  for (;;) {
    try {
      await using open = client
      stack ??= await askStack(open, wish.choice, terminal)
      await readLogs(open, stack, {...wish, terminal, cursor, signal})
      return
    } catch (error) {
      if (!wish.follow || signal.aborted || !isHarnessError(error) || error.code !== 'CONNECTION_LOST') throw error
    }
    terminal.warn(
      'The daemon is gone. What the services print is kept; it is shown when a daemon runs again (harness daemon start).',
    )
    client = await waitForDaemon(host, signal)
    terminal.warn(`A daemon runs again (pid ${client.hello.daemon.pid}): going on after the last line.`)
  }
}

interface Reading extends LogWish {
  readonly terminal: Terminal
  readonly cursor: LogCursor
  readonly signal: AbortSignal
}

async function readLogs(client: Client, stack: string, wish: Reading): Promise<void> {
  const {terminal, services, follow, cursor, since, until, grep} = wish
  const status = await client.call('service.status', {stack, services: []})
  const names = [...status.services, ...status.tasks].map(({name}) => name)
  const shown = services.length > 0 ? services : names
  let layout: LogLayout = {
    style: terminal.style,
    names,
    nameWidth: Math.max(0, ...shown.map((name) => name.length)),
    timestamps: wish.timestamps,
    raw: wish.raw,
  }
  const print = (text: string): void => {
    if (wish.raw) terminal.raw(text)
    else terminal.out(text)
  }
  const after = cursor.positions()
  const filter = {...(since && {since}), ...(until && {until}), ...(grep && {grep})}
  const start = after ? {tail: null, after} : {tail: wish.tail}
  await client.call(
    'logs.read',
    {stack, services, attempts: 'all', follow, ...filter, ...start},
    {
      signal: wish.signal,
      onLog(lines, begin) {
        cursor.note(lines, begin)
        layout = layoutFor(lines, layout)
        if (terminal.json) for (const line of lines) terminal.data(line, 'line')
        else if (lines.length > 0) print(lines.map((line) => logText(line, layout)).join('\n'))
      },
    },
  )
}
