import assert from 'node:assert/strict'
import {readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {systemClock} from '../../../src/core/base/clock.js'
import {isHarnessError, type HarnessError} from '../../../src/core/base/errors.js'
import {createLog} from '../../../src/core/base/log.js'
import {createPluginServices} from '../../../src/core/plugin/plugin-services.js'
import {lent} from '../../../src/testing/test-services.js'
import {HostPool, type HostPoolOptions} from '../../../plugins/ssh/src/host/host-pool.js'
import {temporaryFolder} from '../../core/process/temporary.js'

/** Short, for tests. */
const pauses = {first: 20, longest: 100, lasting: 100}

/** A pool as a daemon has it, with a configuration of its own. */
export function sshParts(config: string, options: HostPoolOptions = {}) {
  const folder = temporaryFolder()
  const file = path.join(folder.path, 'ssh_config')
  writeFileSync(file, config)
  let logged = ''
  const services = createPluginServices({
    name: 'ssh',
    stateDirectory: folder.path,
    log: createLog({clock: systemClock, level: 'debug', write: (line) => (logged += line)}),
    lent,
  })
  const {SSH_AUTH_SOCK: _agent, ...others} = process.env
  const env = {...others, HARNESS_SSH_CONFIG: file, ...options.env}
  const pool = new HostPool(services, {idleMs: 50, pauses, ...options, env})
  return {
    folder: folder.path,
    configFile: file,
    services,
    env,
    pool,
    /** All that the plugin has said. */
    logged: () => logged,
    async [Symbol.asyncDispose]() {
      await pool[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

/** The one error that harness would show. */
export async function refusal(act: Promise<unknown>): Promise<HarnessError> {
  const error = await act.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(isHarnessError(error), `an error of harness was expected, and it was ${String(error)}`)
  return error
}

/** Connections of TCP over IPv4 on loopback, to a port, that are established: as the kernel tells. */
export function connectionsTo(port: number): number {
  const wanted = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)
  return lines.filter((line) => {
    const [, , remote, state] = line.trim().split(/\s+/)
    return remote === wanted && state === '01'
  }).length
}
