import type {SavedHandle, StartRequest} from '@service-harness/cli/plugin'
import {savedTunnel, type SavedTunnel} from '../tunnel/saved-tunnel.js'
import {hostOf, type SavedHost} from './host-schema.js'
import type {RemoteSpec} from './spec.js'

export const remoteKind = 'remote'
export const handleVersion = 1

/** Where an attempt keeps, on this machine, what it knows of its run: its output, and how it ended. */
export type RunState = {
  readonly runDirectory: string
  readonly logs: {readonly merge: boolean; readonly maxSize?: number; readonly keep?: number}
}

/** What a later daemon finds the run by. Its folder there has the name of the instance. */
export type RemoteState = RunState & {
  readonly host: SavedHost
  readonly instance: string
  readonly graceMs: number
  readonly stdin: boolean
  readonly tunnel?: SavedTunnel
}

export function stateOf(request: StartRequest<RemoteSpec>): RemoteState {
  const {spec, instance, graceMs} = request
  const tunnel = savedTunnel(request)
  return {
    host: hostOf(request),
    instance,
    graceMs,
    stdin: spec.stdin ?? false,
    ...(tunnel && {tunnel}),
    ...runState(request),
  }
}

function runState({runDirectory, logs}: Pick<StartRequest, 'logs' | 'runDirectory'>): RunState {
  const {merge, maxSize, keep} = logs
  const limits = {...(maxSize !== undefined && {maxSize}), ...(keep !== undefined && {keep})}
  return {runDirectory, logs: {merge, ...limits}}
}

export function saved(id: string, state: RemoteState): SavedHandle<RemoteState> {
  return {executor: remoteKind, version: handleVersion, id, state}
}

/** The service that a handle's id names: `<stack>/<service>/<attempt>`. */
export function serviceOf(id: string): string {
  return id.split('/').at(-2) ?? id
}
