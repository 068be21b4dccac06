import type {Executor, StartRequest} from '../../contract/executor.js'
import type {PluginServices} from '../../contract/services.js'
import {createProcessHost, type ProcessHost} from '../../process/host.js'
import {fingerprint} from './fingerprint.js'
import {recoverTransient} from './recover.js'
import {createShared} from './shared.js'
import {systemdSpecSchema, type SystemdSpec} from './spec.js'
import {startTransient} from './start.js'
import {saved, stateOf, systemdHandleVersion, systemdKind, type SystemdState} from './state.js'
import type {SystemdHost} from './systemd-host.js'
import {recoverExisting} from './unit/recover.js'
import {startExisting} from './unit/start.js'

/** Runs services of systemd: programs in units of their own, and units that exist. */
export function systemdExecutor(
  services: PluginServices,
  host: ProcessHost = createProcessHost(),
  systemd?: SystemdHost,
): Executor<SystemdSpec, SystemdState> {
  const shared = createShared(services, host, systemd)
  return {
    kind: systemdKind,
    capabilities: {
      exec: true,
      signal: true,
      recover: true,
      ownership: 'managed',
      local: true,
      hostPorts: true,
      layers: true,
    },
    specSchema: systemdSpecSchema,
    handleVersion: systemdHandleVersion,
    fingerprint: (signal) => fingerprint(shared, signal),
    intent: (request) => saved(request.id, stateOf(request)),
    whyNotInLayers: ({unit}) => (unit === undefined ? ofItsOwn : undefined),
    async start(request, context) {
      if (isTransient(request)) return await startTransient(request, context, shared)
      return await startExisting(request, stateOf(request), {context, shared, ownership: 'managed'})
    },
    recover: (handle) =>
      handle.state.transient ? recoverTransient(handle, shared) : recoverExisting(handle, shared, 'managed'),
  }
}

const ofItsOwn =
  'through layers systemd drives units that exist there (`unit`), and a program on another machine is `type: remote`'

function isTransient(
  request: StartRequest<SystemdSpec>,
): request is StartRequest<SystemdSpec & {readonly binary: string}> {
  return request.spec.binary !== undefined
}
