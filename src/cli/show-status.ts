import {systemClock} from '../core/base/clock.js'
import {printable} from '../core/base/printable.js'
import type {Client} from '../core/client/client.js'
import type {StackStatus} from '../core/contract/status.js'
import {detailedStatusLines, type Usages} from './detailed-status.js'
import type {StackChoiceFlags} from './flags.js'
import {interrupted, interruptedExit, interruptible} from './interruptible.js'
import {nameText, statusLines} from './status-lines.js'
import type {Terminal} from './terminal.js'
import type {Host} from './with-daemon.js'
import {withStack} from './with-stack.js'

export interface StatusWish {
  readonly choice: StackChoiceFlags
  readonly services: readonly string[]
  readonly detailed: boolean
  readonly watch: boolean
  /** With the last moves of each service. */
  readonly history: boolean
}

type Shown = StatusWish & {readonly usage?: Usages}

async function usageOf(client: Client, stack: string, services: readonly string[]): Promise<Usages> {
  const {stats} = await client.call('service.stats', {stack, services})
  return new Map(stats.map((usage) => [usage.service, usage]))
}

/** `harness status`: answers the exit code. */
export async function showStatus(host: Host, wish: StatusWish): Promise<number> {
  const {terminal} = host
  const end = await withStack(host, wish.choice, async (client, stack) => {
    const ask = (): Promise<StackStatus> => client.call('service.status', {stack, services: wish.services})
    if (wish.watch) return watch(terminal, ask, wish)
    if (wish.history) return showHistory(client, terminal, await ask())
    const usage = wish.detailed ? await usageOf(client, stack, wish.services) : undefined
    print(terminal, await ask(), {...wish, ...(usage && {usage})})
    return 0
  })
  if (end.found) return end.value
  if (terminal.json) terminal.data({stack: null, name: null, file: null, services: [], tasks: []})
  terminal.out(`${end.said} \`harness start\` starts the stack of this folder, \`harness start -c FILE\` another one.`)
  return 0
}

/** So many moves of each service are shown to people; programs get all. */
const shownMoves = 5

async function showHistory(client: Client, terminal: Terminal, status: StackStatus): Promise<number> {
  const {stack} = status
  const {historyLines} = await import('./history-lines.js')
  const services = []
  for (const service of status.services) {
    const {history} = await client.call('service.history', {stack, service: service.name})
    services.push({...service, history})
  }
  if (terminal.json) terminal.data({...statusData(status), services})
  const {style} = terminal
  terminal.out(`${style.bold(printable(status.name))} ${style.dim(printable(status.file))}`)
  for (const {history, ...service} of services) {
    const moves = historyLines(history.slice(-shownMoves), style, systemClock.now())
    for (const line of ['', `${style.bold(nameText(service))} ${service.state}`, ...moves.map((text) => `  ${text}`)])
      terminal.out(line)
  }
  return 0
}

function print(terminal: Terminal, status: StackStatus, wish: Shown): void {
  if (terminal.json) terminal.data(statusData(status, wish.usage), wish.watch ? 'line' : 'indented')
  else for (const line of linesOf(terminal, status, wish)) terminal.out(line)
}

function linesOf(terminal: Terminal, status: StackStatus, wish: Shown): readonly string[] {
  const now = systemClock.now()
  if (wish.detailed) return detailedStatusLines(status, {style: terminal.style, now, usage: wish.usage})
  return statusLines(status, terminal.style, now, process.stdout.isTTY ? process.stdout.columns || 80 : Infinity)
}

/** The shape of `status --json`: the stack by its id, as everywhere, and its name. */
function statusData(status: StackStatus, usage?: Usages): object {
  const {stack, name, file, services, tasks} = status
  const withUsage = usage && services.map((service) => ({...service, usage: usage.get(service.name) ?? null}))
  return {stack, name, file, services: withUsage ?? services, tasks}
}

/** On a terminal the picture is drawn anew each second; elsewhere it is printed again when a state has changed. */
async function watch(terminal: Terminal, ask: () => Promise<StackStatus>, wish: StatusWish): Promise<number> {
  const redraws = process.stdout.isTTY && !terminal.json
  let last = ''
  const end = await interruptible(async (signal) => {
    while (!signal.aborted) {
      const status = await ask()
      const states = JSON.stringify([...status.services, ...status.tasks].map(({name, state}) => [name, state]))
      if (redraws) process.stdout.write('\x1B[H\x1B[2J')
      if (redraws || states !== last) print(terminal, status, wish)
      last = states
      await systemClock.sleep(1000, signal)
    }
  })
  return end === interrupted ? interruptedExit : 0
}
