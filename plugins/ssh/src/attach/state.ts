import type {SavedHandle, StartRequest} from '@service-harness/cli/plugin'
import {hostOf, type SavedHost} from '../remote/host-schema.js'
import {savedTunnel, type SavedTunnel} from '../tunnel/saved-tunnel.js'
import type {AttachSpec} from './spec.js'

/** Attaching changes nothing, so that before it there is nothing to find again. */
export type AttachState = {
  readonly host: SavedHost
  /** Of this machine; it is made only where there is a passphrase to be kept. */
  readonly runDirectory: string
  readonly tunnel?: SavedTunnel
  readonly process: {readonly boot: string; readonly pid: number; readonly tick: number} | null
}

export const attachKind = 'remote-attach'
export const attachHandleVersion = 1

export function attachState(request: StartRequest<AttachSpec>): AttachState {
  const tunnel = savedTunnel(request)
  return {host: hostOf(request), runDirectory: request.runDirectory, ...(tunnel && {tunnel}), process: null}
}

export function savedAttached(id: string, state: AttachState): SavedHandle<AttachState> {
  return {executor: attachKind, version: attachHandleVersion, id, state}
}
