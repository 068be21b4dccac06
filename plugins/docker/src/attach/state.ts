import type {SavedHandle, StartRequest} from '@service-harness/cli/plugin'
import {JsonFile} from '../json-file.js'
import {runState, type RunState} from '../state.js'

export const attachKind = 'docker-attach'
export const attachHandleVersion = 1

export function savedAttached(request: Pick<StartRequest, 'id' | 'logs' | 'runDirectory'>): SavedHandle<RunState> {
  return {executor: attachKind, version: attachHandleVersion, id: request.id, state: runState(request)}
}

/** What an attempt is attached to: one run of one container. */
export interface AttachedRun {
  /** Of the container. */
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
}

/** Which one a spec means is known once it is found: it is written beside the output of the attempt. */
export const attachedFile = new JsonFile<AttachedRun>('container')
