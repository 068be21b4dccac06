import {systemClock} from '../../../src/core/base/clock.js'
import type {Client} from '../../../src/core/client/client.js'
import {ensureDaemon} from '../../../src/core/client/ensure-daemon.js'
import {bin, isAlive, until, type Sandbox} from '../../support/harness.js'

/** A client of the sandbox's daemon, which is started when there is none. */
export function openClient(sandbox: Sandbox): Promise<Client> {
  return ensureDaemon({
    stateDirectory: sandbox.state,
    command: [process.execPath, bin, 'daemon', '--background'],
    env: sandbox.env,
    client: {name: 'test', version: '0'},
    clock: systemClock,
  })
}

/** Kills the daemon that a client talks to, and waits for its death. */
export async function killDaemonOf(client: Client): Promise<void> {
  const {pid} = client.hello.daemon
  kill9(pid)
  await until(async () => !(await isAlive(pid)), 'the daemon is dead')
}

export function kill9(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It was quicker.
  }
}

/** The environment that services are started with. */
export const callerEnv = {PATH: process.env['PATH'] ?? ''}
