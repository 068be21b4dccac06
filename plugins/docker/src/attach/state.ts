import {mkdir, readFile, rename, writeFile} from 'node:fs/promises'
import path from 'node:path'
import type {SavedHandle, StartRequest} from '@service-harness/cli/plugin'
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

const fileOf = (runDirectory: string): string => path.join(runDirectory, 'container')

/** Which one a spec means is known once it is found: it is written beside the output of the attempt. */
export async function writeAttached(runDirectory: string, run: AttachedRun): Promise<void> {
  const file = fileOf(runDirectory)
  await mkdir(runDirectory, {recursive: true, mode: 0o700})
  await writeFile(`${file}.tmp`, JSON.stringify(run), {mode: 0o600})
  await rename(`${file}.tmp`, file)
}

/** `undefined`: it was never attached. */
export async function readAttached(runDirectory: string): Promise<AttachedRun | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(runDirectory), 'utf8')) as AttachedRun
  } catch {
    return undefined
  }
}
