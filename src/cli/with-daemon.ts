import path from 'node:path'
import {systemClock} from '../core/base/clock.js'
import {isHarnessError} from '../core/base/errors.js'
import {printable} from '../core/base/printable.js'
import {stateDirectory} from '../core/base/state-directory.js'
import type {Client} from '../core/client/client.js'
import {connectIfRunning} from '../core/client/connect-if-running.js'
import type {LoadedStack} from '../core/config/load-stack.js'
import {secretVariables} from '../core/config/variables.js'
import {pluginChangeLines} from './plugins/plugin-change-lines.js'
import type {Terminal} from './terminal.js'

/** The command that speaks with a daemon: where it prints, and where harness is installed. */
export interface Host {
  readonly terminal: Terminal
  readonly root: string
  readonly version: string
  /** `wss://host:port` of a daemon on another machine, instead of that of the state directory. */
  readonly remote?: string | undefined
  /** The command ends the daemon: which plugins it has does not matter any more. */
  readonly isEndingIt?: boolean
}

/**
 * Works with the daemon of the state directory, and starts one when none runs; or with the one elsewhere that the command is about. A daemon
 * that is started for a stack has the environment of this command without the variables that the secrets of the stack come from.
 */
export async function withDaemon<T>(
  host: Host,
  work: (client: Client) => Promise<T>,
  loaded?: Pick<LoadedStack, 'definition'>,
): Promise<T> {
  await using client = await openDaemon(host, {withheld: secretVariables(loaded?.definition ?? {})})
  return await work(client)
}

/** Works with a daemon that runs or should: it is started when services are up without one. `undefined` when there is nothing to work with. */
export async function withNeededDaemon<T>(host: Host, work: (client: Client) => Promise<T>): Promise<T | undefined> {
  const running = await openRunning(host)
  if (running === undefined) {
    const {wantsServicesUp} = await import('./journal.js')
    return (await wantsServicesUp()) ? withDaemon(host, work) : undefined
  }
  await using client = running
  return await work(client)
}

/** Works with a daemon that runs. `undefined` when none does. */
export async function withRunningDaemon<T>(host: Host, work: (client: Client) => Promise<T>): Promise<T | undefined> {
  const running = await openRunning(host)
  if (running === undefined) return undefined
  await using client = running
  return await work(client)
}

/** A daemon started by hand stays until it is stopped; one that a command starts on the way ends when nothing is left for it to do. */
export async function openDaemon(
  host: Host,
  options: {
    readonly stays?: boolean
    readonly args?: readonly string[]
    /** The caller says itself that it was started. @default as `stays` */
    readonly quietly?: boolean
    /** Variables that are no business of a daemon that is started. */
    readonly withheld?: ReadonlySet<string>
    /** Gives up the attempt. */
    readonly signal?: AbortSignal
  } = {},
): Promise<Client> {
  if (host.remote !== undefined) return openElsewhere(host, host.remote)
  const {ensureDaemon} = await import('../core/client/ensure-daemon.js')
  const {withoutCookie} = await import('../core/process/cookie.js')
  const entry = path.join(host.root, 'bin', 'run.js')
  const client = await ensureDaemon({
    ...connectOptions(host),
    ...(options.signal && {signal: options.signal}),
    command: [process.execPath, entry, 'daemon', options.stays ? '--background' : '--auto', ...(options.args ?? [])],
    env: {...without(options.withheld, withoutCookie(process.env)), HARNESS_STATE_DIR: stateDirectory()},
    onLaunch(pid) {
      if (!(options.quietly ?? options.stays)) host.terminal.note(`Started the harness daemon (pid ${pid}).`)
    },
  })
  return warned(client, host)
}

function without<Value>(
  names: ReadonlySet<string> | undefined,
  env: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  return names === undefined ? env : Object.fromEntries(Object.entries(env).filter(([name]) => !names.has(name)))
}

const waitMs = 250

/** Connects to the daemon as soon as it runs. Starts none. `onWait`: there is none at once. */
export async function waitForDaemon(
  host: Host,
  signal: AbortSignal,
  onWait: () => void = () => undefined,
): Promise<Client> {
  for (let isFirst = true; ; isFirst = false) {
    const client = await openRunning(host, signal).catch((error: unknown) => waitedFor(error, host))
    if (client) return client
    if (isFirst) onWait()
    await systemClock.sleep(waitMs, signal)
  }
}

/** One elsewhere either answers or is an error: `undefined` is said only of this machine. */
export async function openRunning(host: Host, signal?: AbortSignal): Promise<Client | undefined> {
  if (host.remote !== undefined) return openElsewhere(host, host.remote)
  const client = await connectIfRunning({...connectOptions(host), ...(signal && {signal})})
  return client && warned(client, host)
}

/** On this machine, one that is there and does not answer is not worth waiting for. */
function waitedFor(error: unknown, {remote}: Host): Client | undefined {
  if (remote === undefined || !isHarnessError(error) || error.code !== 'DAEMON_UNREACHABLE') throw error
  return undefined
}

async function openElsewhere(host: Host, remote: string): Promise<Client> {
  const {openRemote} = await import('./remote/open-remote.js')
  return warned(await openRemote(host, remote), host)
}

/** Whoever speaks with a daemon that cannot write down any more what happens, or has other plugins than are installed, is told so, whatever it is about. */
function warned(client: Client, {terminal, isEndingIt = false}: Host): Client {
  const problem = client.hello.stateProblem
  if (problem) {
    terminal.warn(`${terminal.style.yellow('Warning:')} ${printable(problem.message)}`)
    terminal.warn(`  What is told of services may be out of date. ${printable(problem.hint)}`)
  }
  if (isEndingIt) return client
  for (const line of pluginChangeLines(client.hello.pluginChanges ?? [], terminal.errorStyle)) terminal.note(line)
  return client
}

function connectOptions({version}: Host) {
  return {stateDirectory: stateDirectory(), client: {name: 'harness', version}, clock: systemClock}
}
