import {randomUUID} from 'node:crypto'
import path from 'node:path'
import {silentLog} from '../../../src/core/base/log.js'
import type {StartRequest} from '../../../src/core/contract/executor.js'
import {createPluginServices} from '../../../src/core/plugin/plugin-services.js'
import {lent} from '../../../src/testing/test-services.js'
import {openEngine} from '../../../plugins/docker/src/engine/engine.js'
import {share, type Shared} from '../../../plugins/docker/src/shared.js'
import {temporaryFolder} from '../../core/process/temporary.js'

/** What the executors of the plugin are made of, with a state directory of their own. */
export function pluginParts(host: string) {
  const folder = temporaryFolder()
  const services = createPluginServices({
    name: 'docker',
    stateDirectory: folder.path,
    log: silentLog,
    lent,
  })
  return {
    folder: folder.path,
    /** As a daemon that begins has it. */
    shared: (): Shared => share(services, openEngine(services, {...process.env, DOCKER_HOST: host})),
    /** The first attempt of `<stack>/<service>`. */
    request<Spec>(name: string, spec: Spec): StartRequest<Spec> {
      const [stack = '', service = ''] = name.split('/')
      const instance = randomUUID()
      return {
        ...{id: `${name}/1`, stack, service, attempt: 1, instance, spec},
        ...{directory: folder.path, runDirectory: path.join(folder.path, 'runs', instance)},
        ...{env: {}, inheritedEnv: {}, endpoints: [], logs: {capture: 'file', merge: false}, graceMs: 0},
      }
    },
    [Symbol.dispose]: () => {
      folder[Symbol.dispose]()
    },
  }
}
