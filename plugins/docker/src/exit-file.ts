import type {ExitStatus} from '@service-harness/cli/plugin'
import {JsonFile} from './json-file.js'

/** How a container ended, for when it is removed. */
export interface Ended {
  readonly status: ExitStatus
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly startedAt: number
}

/** In the run directory. */
export const exitFile = new JsonFile<Ended>('exit')
