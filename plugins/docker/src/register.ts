import type {HarnessPlugin, RegisterHook} from '@service-harness/cli/plugin'
import {dockerAttachExecutor} from './attach/executor.js'
import {dockerLayer} from './docker-layer.js'
import {dockerExecutor} from './executor.js'
import {share} from './shared.js'

const register: RegisterHook = (services) => {
  const shared = share(services)
  const plugin: HarnessPlugin = {
    name: 'docker',
    executors: [() => dockerExecutor(shared), () => dockerAttachExecutor(shared)],
    layers: [dockerLayer(services.shell)],
  }
  return Promise.resolve(plugin)
}
export default register
