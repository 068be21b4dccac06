import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {rm} from 'node:fs/promises'
import type {
  Executor,
  PluginServices,
  SavedHandle,
  StartContext,
  StartRequest,
  WorkloadHandle,
} from '@service-harness/cli/plugin'
import {fingerprint, shell} from './fingerprint.js'
import {openHandle} from './handle.js'
import {keepOutput} from './output.js'
import {specSchema, type Spec} from './spec.js'
import {handleVersion, kind, saved, type State} from './state.js'
import {endAll, instanceVariable} from './strays.js'

/** Runs scripts as children of the daemon. They do not outlive it: their output goes through its hands. */
export function createExecutor(services: PluginServices): Executor<Spec, State> {
  return {
    kind,
    capabilities: {exec: false, signal: true, recover: false, ownership: 'managed', local: true, hostPorts: true},
    specSchema,
    handleVersion,
    fingerprint,
    intent: saved,
    start: (request, context) => start(request, context, services),
    recover,
  }
}

async function start(
  request: StartRequest<Spec>,
  {signal}: StartContext,
  services: PluginServices,
): Promise<WorkloadHandle<State>> {
  const {service, directory, inheritedEnv, env, instance} = request
  signal.throwIfAborted()
  const child = spawn(shell, ['-c', request.spec.script], {
    cwd: directory,
    env: {...inheritedEnv, ...env, [instanceVariable]: instance},
    // A process group of its own: a signal reaches all of it, and Ctrl-C in the terminal of the daemon reaches nothing.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  try {
    await once(child, 'spawn')
    signal.throwIfAborted()
    return openHandle({child, request, spool: keepOutput(child, request, services)}, services)
  } catch (error) {
    await endAll(instance)
    signal.throwIfAborted()
    const reason = error instanceof Error ? error.message : String(error)
    throw services.error('SERVICE_START_FAILED', {subject: service, reason, cause: error})
  }
}

/** What an earlier daemon has left has nobody to write to: it is ended, and so this attempt never will be again. */
async function recover({state}: SavedHandle<State>): Promise<undefined> {
  await endAll(state.instance)
  await rm(state.runDirectory, {recursive: true, force: true})
}
