import path from 'node:path'
import {systemClock} from '../core/base/clock.js'
import {stateDirectory} from '../core/base/state-directory.js'
import type {Client} from '../core/client/client.js'
import {connectIfRunning} from '../core/client/connect-if-running.js'
import type {Terminal} from './terminal.js'

/** The command that speaks with a daemon: where it prints, and where harness is installed. */
export interface Host {
  readonly terminal: Terminal
  readonly root: string
  readonly version: string
}

/** Works with the daemon of the state directory, and starts one when none runs. */
export async function withDaemon<T>(host: Host, work: (client: Client) => Promise<T>): Promise<T> {
  await using client = await openDaemon(host)
  return await work(client)
}

/** Works with a daemon that runs or should: it is started when services are up without one. `undefined` when there is nothing to work with. */
export async function withNeededDaemon<T>(host: Host, work: (client: Client) => Promise<T>): Promise<T | undefined> {
  const running = await connectIfRunning(connectOptions(host))
  if (running === undefined) {
    const {wantsServicesUp} = await import('./journal.js')
    return (await wantsServicesUp()) ? withDaemon(host, work) : undefined
  }
  await using client = running
  return await work(client)
}

/** Works with a daemon that runs. `undefined` when none does. */
export async function withRunningDaemon<T>(host: Host, work: (client: Client) => Promise<T>): Promise<T | undefined> {
  const running = await connectIfRunning(connectOptions(host))
  if (running === undefined) return undefined
  await using client = running
  return await work(client)
}

/** A daemon started by hand stays until it is stopped; one that a command starts on the way ends when nothing is left for it to do. */
export async function openDaemon(
  host: Host,
  options: {readonly stays?: boolean; readonly args?: readonly string[]} = {},
): Promise<Client> {
  const {ensureDaemon} = await import('../core/client/ensure-daemon.js')
  const {withoutCookie} = await import('../core/process/cookie.js')
  const entry = path.join(host.root, 'bin', 'run.js')
  return ensureDaemon({
    ...connectOptions(host),
    command: [process.execPath, entry, 'daemon', options.stays ? '--background' : '--auto', ...(options.args ?? [])],
    env: {...withoutCookie(process.env), HARNESS_STATE_DIR: stateDirectory()},
    onLaunch(pid) {
      if (!options.stays) host.terminal.note(`Started the harness daemon (pid ${pid}).`)
    },
  })
}

const waitMs = 250

/** Connects to the daemon of the state directory as soon as one runs. Starts none. */
export async function waitForDaemon(host: Host, signal: AbortSignal): Promise<Client> {
  const options = {...connectOptions(host), signal}
  for (;;) {
    const client = await connectIfRunning(options)
    if (client) return client
    await options.clock.sleep(waitMs, signal)
  }
}

function connectOptions({version}: Host) {
  return {stateDirectory: stateDirectory(), client: {name: 'harness', version}, clock: systemClock}
}
