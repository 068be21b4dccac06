import type {Executor, StartRequest} from '../../contract/executor.js'
import type {LogOptions} from '../../contract/log.js'
import type {PluginServices} from '../../contract/services.js'
import {abandon} from '../../process/abandon.js'
import {createProcessHost, type ProcessHost} from '../../process/host.js'
import {launch} from '../../process/launch.js'
import type {ShimOrder} from '../../process/launcher.js'
import {usualLimits} from '../../process/log/retention.js'
import {runPaths} from '../../process/run-directory.js'
import {planLaunch} from '../plan-launch.js'
import {fingerprint} from './fingerprint.js'
import {processHandle} from './handle.js'
import {planClient} from './plan-client.js'
import {recoverProcess} from './recover.js'
import {processSpecSchema, type ProcessSpec} from './spec.js'
import {processHandleVersion, processKind, saved, type ProcessState} from './state.js'

/** Runs programs of this machine so that they outlive the daemon. */
export function processExecutor(
  services: PluginServices,
  host: ProcessHost = createProcessHost(),
): Executor<ProcessSpec, ProcessState> {
  return {
    kind: processKind,
    capabilities: {
      exec: true,
      signal: true,
      recover: true,
      ownership: 'managed',
      local: true,
      hostPorts: true,
      layers: true,
    },
    specSchema: processSpecSchema,
    handleVersion: processHandleVersion,
    fingerprint: () => Promise.resolve(fingerprint(host)),
    intent: (request) => saved(request.id, stateOf(request)),
    async start(request, {signal}) {
      host.tools()
      const state = stateOf(request)
      const planned = request.layers?.length ? planClient(request, services) : planLaunch(request)
      const paths = runPaths(state.runDirectory)
      const {service, instance} = request
      const order = {service, instance, paths, launch: planned, capture: captureOf(request.logs)}
      const run = await launch(order, host, signal)
      try {
        return processHandle({host, services, id: request.id, state, paths, run, launch: planned, fresh: true})
      } catch (error) {
        await abandon(order, host)
        throw error
      }
    },
    recover: (handle, signal) => recoverProcess(handle, {host, services}, signal),
  }
}

function stateOf(request: StartRequest<ProcessSpec>): ProcessState {
  const {runDirectory, instance} = request
  const {maxSize = usualLimits.maxSize, keep = usualLimits.keep} = request.logs
  const usual = maxSize === usualLimits.maxSize && keep === usualLimits.keep
  return {runDirectory, instance, ...(!usual && {logs: {maxSize, keep}})}
}

function captureOf({capture, merge}: LogOptions): ShimOrder['capture'] {
  if (merge) return capture === 'pipe' ? 'merge-pipe' : 'merge'
  return capture
}
