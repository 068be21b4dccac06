import type {ExitStatus} from '@service-harness/cli/plugin'
import {JsonFile} from './json-file.js'

/** How a program ended, known also when nothing is left of it there. */
export interface Ended {
  readonly status: ExitStatus
  /** Milliseconds since the epoch. */
  readonly at: number
}

export interface EndedRun extends Ended {
  readonly startedAt: number
  /** Its number there. */
  readonly pid: number
  /** Its folder there is gone. */
  readonly removed: boolean
}

/** In the run directory of this machine, once nothing of it is left to be ended. */
export const endedFile = new JsonFile<EndedRun>('exit')
