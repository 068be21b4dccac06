import {randomUUID} from 'node:crypto'
import path from 'node:path'
import type {StartRequest} from '../../../../src/core/contract/executor.js'
import type {WorkloadHandle} from '../../../../src/core/contract/workload.js'
import {systemdExecutor} from '../../../../src/core/executors/systemd/executor.js'
import type {SystemdSpec} from '../../../../src/core/executors/systemd/spec.js'
import {localSystemdHost, type SystemdHost} from '../../../../src/core/executors/systemd/systemd-host.js'
import {createProcessHost} from '../../../../src/core/process/host.js'
import {testServices} from '../../../../src/testing.js'
import type {UserManager} from '../../../support/systemd.js'
import {never, temporaryFolder} from '../../process/temporary.js'

/** The commands go to the test's manager. */
export function hostOf({env}: Pick<UserManager, 'env'>): SystemdHost {
  const local = localSystemdHost()
  return {
    run: (command, signal) => local.run({...command, env: {...command.env, ...env}}, signal),
    follow: (command, signal) => local.follow({...command, env: {...command.env, ...env}}, signal),
  }
}

/** An executor of a manager in a folder of its own; what it started is gone afterwards, whatever the test did. */
export function systemdWorkshop(manager: UserManager) {
  const folder = temporaryFolder()
  const handles: WorkloadHandle[] = []
  let attempt = 0
  const executor = (systemd: SystemdHost = hostOf(manager)) =>
    systemdExecutor(testServices(folder.path), createProcessHost(), systemd)
  const request = (spec: SystemdSpec, more: Partial<StartRequest> = {}): StartRequest<SystemdSpec> => {
    attempt += 1
    const instance = randomUUID()
    return {
      ...{id: `stack/svc/${attempt}`, stack: 'stack', service: 'svc', attempt, instance},
      directory: folder.path,
      runDirectory: path.join(folder.path, 'runs', 'svc', instance),
      env: {},
      inheritedEnv: {PATH: process.env['PATH'] ?? '/usr/bin:/bin'},
      endpoints: [],
      logs: {capture: 'file', merge: false},
      graceMs: 500,
      ...more,
      spec: {scope: 'user', ...spec},
    }
  }
  const shared = executor()
  return {
    folder: folder.path,
    executor,
    request,
    keep<T extends WorkloadHandle>(handle: T): T {
      handles.push(handle)
      return handle
    },
    async start(asked: StartRequest<SystemdSpec>, signal = never) {
      const handle = await shared.start(asked, {signal, progress: () => undefined})
      handles.push(handle)
      return handle
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(handles.map((handle) => handle.stop({graceMs: 0}).catch(() => undefined)))
      for (const handle of handles) handle.release()
      folder[Symbol.dispose]()
    },
  }
}
