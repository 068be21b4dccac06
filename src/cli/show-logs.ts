import type {Client} from '../core/client/client.js'
import {askStack} from './ask-stack.js'
import type {StackChoiceFlags} from './flags.js'
import {interrupted, interruptedExit, interruptible} from './interruptible.js'
import {logText} from './log-lines.js'
import type {Terminal} from './terminal.js'
import {withDaemon, type Host} from './with-daemon.js'

export interface LogWish {
  readonly choice: StackChoiceFlags
  readonly services: readonly string[]
  /** `null`: all. */
  readonly tail: number | null
  readonly follow: boolean
  readonly timestamps: boolean
  readonly raw: boolean
}

/** `harness logs`: answers the exit code. */
export async function showLogs(host: Host, wish: LogWish): Promise<number> {
  return withDaemon(host, async (client) => {
    const stack = await askStack(client, wish.choice, host.terminal)
    const end = await interruptible((signal) => readLogs(client, stack, {...wish, terminal: host.terminal, signal}))
    return end === interrupted ? interruptedExit : 0
  })
}

async function readLogs(
  client: Client,
  stack: string,
  wish: LogWish & {readonly terminal: Terminal; readonly signal: AbortSignal},
): Promise<void> {
  const {terminal, services, tail, follow} = wish
  const status = await client.call('service.status', {stack, services: []})
  const names = [...status.services, ...status.tasks].map(({name}) => name)
  const shown = services.length > 0 ? services : names
  const layout = {
    style: terminal.style,
    names,
    nameWidth: Math.max(0, ...shown.map((name) => name.length)),
    timestamps: wish.timestamps,
    raw: wish.raw,
  }
  await client.call(
    'logs.read',
    {stack, services, tail, attempts: 'all', follow},
    {
      signal: wish.signal,
      onLog(lines) {
        for (const line of lines) {
          if (terminal.json) terminal.data(line, 'line')
          else terminal.out(logText(line, layout))
        }
      },
    },
  )
}
