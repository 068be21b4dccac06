import path from 'node:path'
import type {Clock} from '../../../src/core/base/clock.js'
import {silentLog} from '../../../src/core/base/log.js'
import type {RegisterHook} from '../../../src/core/contract/plugin.js'
import {BaseDaemon} from '../../../src/core/daemon/base-daemon.js'
import {processExecutor} from '../../../src/core/executors/process/executor.js'
import type {PluginSource} from '../../../src/core/plugin/plugin-source.js'
import {createProcessHost} from '../../../src/core/process/host.js'
import type {Sandbox} from '../../support/harness.js'

/** A daemon in this process with the sandbox's state, all of whose parts have this clock. It knows the executor of processes alone. */
export function openOwnDaemon(sandbox: Sandbox, clock: Clock): Promise<BaseDaemon> {
  const host = createProcessHost({clock})
  const register: RegisterHook = () =>
    Promise.resolve({name: 'core', executors: [(context) => processExecutor(context, host)]})
  const plugin: PluginSource = {
    name: '@service-harness/cli',
    version: '0.0.0',
    kind: 'core',
    api: '^1.0',
    load: () => Promise.resolve({default: register}),
  }
  return BaseDaemon.builder()
    .withStateDirectory(path.resolve(sandbox.state))
    .withClock(clock)
    .withLog(silentLog)
    .withPlugins([plugin])
    .build()
}
