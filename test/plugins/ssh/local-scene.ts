import {randomUUID} from 'node:crypto'
import path from 'node:path'
import type {StartRequest} from '../../../src/core/contract/executor.js'
import {listPids, readVariable} from '../../../src/core/process/platform.js'
import type {AgentsOptions} from '../../../plugins/ssh/src/agent/agents.js'
import {remoteExecutor} from '../../../plugins/ssh/src/remote/executor.js'
import type {RemoteSpec} from '../../../plugins/ssh/src/remote/spec.js'
import {never, temporaryFolder} from '../../core/process/temporary.js'
import {localHost, type LocalHostOptions} from './local-host.js'
import {endAllOf, sharedFor} from './remote-parts.js'

/** A folder for the daemon, a home for the machine, and the way between them, which can be cut. */
export function localScene(options: LocalHostOptions & AgentsOptions = {}) {
  const folder = temporaryFolder()
  const home = temporaryFolder()
  const host = localHost(home.path, options)
  const hosts = [host]
  const base = path.join(home.path, '.local/state/harness-remote')
  const shared = sharedFor(folder.path, () => Promise.resolve(host), options)
  const executor = remoteExecutor(shared)
  return {
    ...{host, base, shared, executor, home: home.path},
    /** As a later daemon has it. */
    restarted() {
      const later = localHost(home.path, options)
      hosts.push(later)
      return remoteExecutor(sharedFor(folder.path, () => Promise.resolve(later)))
    },
    /** Of a script of the shell, unless the spec says otherwise. */
    request(script: string, spec: Partial<RemoteSpec> = {}): StartRequest<RemoteSpec> {
      const instance = randomUUID()
      return {
        ...{id: 'stack/svc/1', stack: 'stack', service: 'svc', attempt: 1, instance},
        ...{directory: folder.path, runDirectory: path.join(folder.path, 'runs', instance)},
        ...{env: {}, inheritedEnv: {}, endpoints: [], logs: {capture: 'file', merge: false}, graceMs: 500},
        spec: {host: 'local', binary: 'sh', args: ['-c', script], ...spec},
      }
    },
    start: (request: StartRequest<RemoteSpec>) => executor.start(request, {signal: never, progress: () => undefined}),
    /** Processes of an attempt. */
    left: (instance: string) => listPids().filter((pid) => readVariable(pid, 'HARNESS_INSTANCE') === instance),
    async [Symbol.asyncDispose]() {
      endAllOf(base)
      for (const each of hosts) await each[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
      home[Symbol.dispose]()
    },
  }
}
