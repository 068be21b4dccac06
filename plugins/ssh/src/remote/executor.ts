import type {Executor} from '@service-harness/cli/plugin'
import type {Shared} from '../shared.js'
import {fingerprint} from './fingerprint.js'
import {seatOf} from './host-schema.js'
import {recoverRun} from './recover.js'
import {remoteSpecSchema, type RemoteSpec} from './spec.js'
import {startRun} from './start.js'
import {handleVersion, remoteKind, saved, stateOf, type RemoteState} from './state.js'

/** Runs programs on other machines so that they outlive the daemon, and the link to it. */
export function remoteExecutor(shared: Shared): Executor<RemoteSpec, RemoteState> {
  return {
    kind: remoteKind,
    capabilities: {exec: true, signal: true, recover: true, ownership: 'managed', local: false, hostPorts: false},
    specSchema: remoteSpecSchema,
    handleVersion,
    fingerprint,
    intent: (request) => saved(request.id, stateOf(request)),
    start: (request, context) => startRun(request, context, shared),
    recover: (handle, signal) => recoverRun(handle, shared, signal),
    seat: seatOf,
  }
}
