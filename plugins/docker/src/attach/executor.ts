import type {Executor, StartContext, StartRequest} from '@service-harness/cli/plugin'
import {fingerprint} from '../fingerprint.js'
import type {Shared} from '../shared.js'
import type {RunState} from '../state.js'
import {findContainer} from './find-container.js'
import {attachHandle} from './handle.js'
import {recoverAttached} from './recover.js'
import {attachSpecSchema, type AttachSpec} from './spec.js'
import {attachHandleVersion, attachKind, savedAttached, attachedFile} from './state.js'

/** Takes containers that run already into a stack. */
export function dockerAttachExecutor(shared: Shared): Executor<AttachSpec, RunState> {
  const {engine} = shared
  return {
    kind: attachKind,
    capabilities: {exec: true, signal: false, recover: true, ownership: 'attached', local: false, hostPorts: false},
    specSchema: attachSpecSchema,
    handleVersion: attachHandleVersion,
    fingerprint: (signal) => fingerprint(engine, signal),
    intent: (request) => savedAttached(request),
    start: (request, context) => start(request, context, shared),
    recover: (saved) => recoverAttached(saved, shared),
    // In which networks it is, is known once it is found.
    seat: () => ({isolated: true, ...(engine.machine !== undefined && {host: engine.machine})}),
  }
}

async function start(request: StartRequest<AttachSpec>, {signal}: StartContext, shared: Shared) {
  const info = await findContainer(request.spec, request.service, shared)
  signal.throwIfAborted()
  await attachedFile.write(request.runDirectory, {id: info.Id, startedAt: Date.parse(info.State.StartedAt)})
  return await attachHandle({saved: savedAttached(request), info, fresh: true}, shared)
}
