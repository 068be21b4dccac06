import {systemClock} from '../core/base/clock.js'
import {isHarnessError} from '../core/base/errors.js'
import {printable} from '../core/base/printable.js'
import type {Client} from '../core/client/client.js'
import type {ServiceDefinition} from '../core/contract/stack.js'
import type {HistoryEntry, ServiceStatus, StackStatus} from '../core/contract/status.js'
import {definitionLines} from './definition-lines.js'
import {serviceFieldLines} from './detailed-status.js'
import type {StackChoiceFlags} from './flags.js'
import {historyLines} from './history-lines.js'
import {loadOptions} from './read-stack.js'
import type {Terminal} from './terminal.js'
import {withAnyStack} from './with-any-stack.js'
import type {Host} from './with-daemon.js'

export interface InfoWish {
  readonly choice: StackChoiceFlags
  readonly service: string
}

interface ServiceInfo {
  readonly status: ServiceStatus
  readonly history: readonly HistoryEntry[]
  /** As its file has it now; `null` where there is no such file, or not this service in it. */
  readonly definition: ServiceDefinition | null
}

/** `harness info`: everything known about one service, each of its replicas by itself. Answers the exit code. */
export async function showInfo(host: Host, {choice, service}: InfoWish): Promise<number> {
  const {terminal} = host
  const show = async (client: Client, stack: string): Promise<number> => {
    const known = await client.call('service.status', {stack, services: [service]})
    const definition = await definitionOf(choice, known.file, service)
    const infos: ServiceInfo[] = []
    for (const status of known.services) {
      const {history} = await client.call('service.history', {stack, service: status.name})
      infos.push({status, history, definition: status.orphan ? null : definition})
    }
    print(terminal, known, infos)
    return 0
  }
  return withAnyStack(host, choice, show)
}

/** A replica has the definition of its service. */
async function definitionOf(
  choice: StackChoiceFlags,
  file: string,
  service: string,
): Promise<ServiceDefinition | null> {
  const {loadStack} = await import('../core/config/load-stack.js')
  try {
    const {definition} = await loadStack(loadOptions({...choice, config: choice.config ?? [file]}))
    return definition.services[service] ?? definition.services[service.replace(/-\d+$/, '')] ?? null
  } catch (error) {
    if (isHarnessError(error)) return null
    throw error
  }
}

function print(terminal: Terminal, {stack, name, file}: StackStatus, infos: readonly ServiceInfo[]): void {
  const services = infos.map(({status, history, definition}) => ({...status, history, definition}))
  if (terminal.json) terminal.data({stack, name, file, services})
  const now = systemClock.now()
  const {style} = terminal
  terminal.out(`${style.bold(printable(name))} ${style.dim(printable(file))}`)
  for (const {status, history, definition} of infos) {
    const lines = [
      '',
      ...serviceFieldLines(status, style, now),
      ...(definition ? ['', style.bold('Definition'), ...definitionLines(definition, style)] : []),
      '',
      style.bold('History'),
      ...historyLines(history, style, now).map((line) => `  ${line}`),
    ]
    for (const line of lines) terminal.out(line)
  }
}
