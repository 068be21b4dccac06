import {HarnessError} from '../../base/errors.js'
import type {Executor} from '../../contract/executor.js'
import type {PluginServices} from '../../contract/services.js'
import {createProcessHost, type ProcessHost} from '../../process/host.js'
import {requirePlatform} from '../../process/platform.js'
import {findProcess} from './find-process.js'
import {fingerprint} from './fingerprint.js'
import {attachHandle} from './handle.js'
import {recoverAttached} from './recover.js'
import {attachSpecSchema, type AttachSpec} from './spec.js'
import {attachHandleVersion, attachKind, saved, type AttachState} from './state.js'

/** Takes processes of this machine that run already into a stack. */
export function processAttachExecutor(
  _services: PluginServices,
  host: ProcessHost = createProcessHost(),
): Executor<AttachSpec, AttachState> {
  return {
    kind: attachKind,
    capabilities: {exec: false, signal: false, recover: true, ownership: 'attached', local: true, hostPorts: false},
    specSchema: attachSpecSchema,
    handleVersion: attachHandleVersion,
    fingerprint: () => Promise.resolve(fingerprint()),
    intent: ({id}) => saved(id, null),
    async start({id, service, spec, directory}) {
      requirePlatform()
      const found = await findProcess(spec, directory, host)
      if ('identity' in found) return attachHandle(id, found.identity, host)
      throw new HarnessError('SERVICE_START_FAILED', {
        subject: service,
        reason: found.reason,
        hint: 'Start the process first, or correct its target in the stack file.',
      })
    },
    recover: (handle) => Promise.resolve(recoverAttached(handle, host)),
  }
}
