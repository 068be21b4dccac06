import type {Executor} from '../../contract/executor.js'
import type {PluginServices} from '../../contract/services.js'
import {createProcessHost, type ProcessHost} from '../../process/host.js'
import {fingerprint} from '../systemd/fingerprint.js'
import {createShared} from '../systemd/shared.js'
import type {SystemdState} from '../systemd/state.js'
import type {SystemdHost} from '../systemd/systemd-host.js'
import {recoverExisting} from '../systemd/unit/recover.js'
import {startExisting} from '../systemd/unit/start.js'
import {attachedUnitSpecSchema, type AttachedUnitSpec} from './spec.js'
import {attachedState, attachedUnitHandleVersion, attachedUnitKind, savedAttached} from './state.js'

/** Takes units of systemd that run already into a stack. The rest stands with the executor of units: only what may be done to them differs. */
export function systemdAttachExecutor(
  services: PluginServices,
  host: ProcessHost = createProcessHost(),
  systemd?: SystemdHost,
): Executor<AttachedUnitSpec, SystemdState> {
  const shared = createShared(services, host, systemd)
  return {
    kind: attachedUnitKind,
    capabilities: {
      exec: true,
      signal: false,
      recover: true,
      ownership: 'attached',
      local: true,
      hostPorts: false,
      layers: true,
    },
    specSchema: attachedUnitSpecSchema,
    handleVersion: attachedUnitHandleVersion,
    fingerprint: (signal) => fingerprint(shared, signal),
    intent: (request) => savedAttached(request.id, attachedState(request)),
    start: (request, context) =>
      startExisting(request, attachedState(request), {context, shared, ownership: 'attached'}),
    recover: (handle) => recoverExisting(handle, shared, 'attached'),
  }
}
