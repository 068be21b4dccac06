import type {LentShim, PluginServices} from '@service-harness/cli/plugin'
import type {RemoteHost} from '../host/remote-host.js'
import {AgentShell} from './shell.js'

/** What is known of a machine once the agent runs there. */
export interface Machine {
  /** Differs after each start of it. */
  readonly boot: string
  /** PATH of a login. */
  readonly path: string
  /** The absolute path of the program. */
  readonly setsid: string
  /** Where the agent has its files. */
  readonly base: string
  /** Parts of a file can be given back to its disk. */
  readonly canFree: boolean
}

/** The agent on a machine: three shells over one connection. */
export interface AgentLink {
  readonly machine: Machine
  /** Starts, stops, looks. */
  readonly commands: AgentShell
  /** Reads logs. */
  readonly logs: AgentShell
  /** Says what happens. */
  readonly watch: AgentShell
}

export interface LinkParts {
  readonly host: RemoteHost
  readonly services: Pick<PluginServices, 'error' | 'shim'>
}

/** Has the agent run on a machine, with the shim that it needs there. One try. */
export async function openLink({host, services}: LinkParts, signal: AbortSignal): Promise<AgentLink> {
  await host.connect(signal)
  const open: AgentShell[] = []
  const shell = async (): Promise<AgentShell> => {
    const opened = await AgentShell.open(host, signal)
    open.push(opened)
    return opened
  }
  const close = (): void => {
    for (const one of open) one.close()
  }
  signal.addEventListener('abort', close, {once: true})
  try {
    const commands = await shell()
    const machine = await greet(commands, host.name, services)
    const [logs, watch] = await Promise.all([shell(), shell()])
    signal.throwIfAborted()
    return {machine, commands, logs, watch}
  } catch (error) {
    close()
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', close)
  }
}

async function greet(shell: AgentShell, name: string, services: LinkParts['services']): Promise<Machine> {
  const {shim} = services
  const {code, text} = await shell.ask('hello', [shim.version]).catch((error: unknown) => {
    throw cannot(name, error instanceof Error ? error.message : String(error), services)
  })
  if (code !== 0) throw cannot(name, text.trim(), services)
  const said = new Map(text.split('\n').map((line) => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)]))
  const missing = said.get('missing')
  if (missing !== undefined)
    throw cannot(name, `${missing === '/proc' ? '/proc' : `the program '${missing}'`} is not there`, services)
  if (said.has('shim')) await send(shell, shim, name, services)
  return {
    boot: said.get('boot') ?? '',
    path: said.get('path') ?? '',
    setsid: said.get('setsid') ?? 'setsid',
    base: said.get('base') ?? '',
    canFree: said.has('fallocate'),
  }
}

async function send(
  shell: AgentShell,
  {version, text}: LentShim,
  name: string,
  services: LinkParts['services'],
): Promise<void> {
  const answer = await shell.ask('shim', [version, text])
  if (answer.code !== 0) throw cannot(name, answer.text.trim(), services)
}

function cannot(name: string, reason: string, services: LinkParts['services']): Error {
  return services.error('EXECUTOR_UNAVAILABLE', {
    subject: 'remote',
    reason: `${name} cannot run services: ${reason}`,
    hint: 'It needs Linux with a POSIX sh in /bin, coreutils or busybox, grep, setsid, and a home folder that can be written to.',
  })
}
