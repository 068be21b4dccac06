import path from 'node:path'
import type {HarnessPlugin, RegisterHook} from '@service-harness/cli/plugin'
import {Agents} from './agent/agents.js'
import {remoteAttachExecutor} from './attach/executor.js'
import {HostPool} from './host/host-pool.js'
import {packageExecutor} from './package/target/executor.js'
import {Turns} from './package/target/turns.js'
import {remoteOrPackage} from './package/target/remote-or-package.js'
import {sshLayer} from './ssh-layer.js'

const register: RegisterHook = (services) => {
  const config = process.env['HARNESS_SSH_CONFIG']
  const pool = new HostPool(services)
  const shared = {services, agents: new Agents(services, (fields) => pool.hold(fields))}
  const turns = new Turns()
  const plugin: HarnessPlugin = {
    name: 'ssh',
    executors: [
      () => remoteOrPackage(shared, turns),
      () => remoteAttachExecutor(shared),
      () => packageExecutor(shared, {turns}),
    ],
    layers: [sshLayer(services.shell, {config: config ? path.resolve(config) : undefined})],
  }
  return Promise.resolve(plugin)
}
export default register
