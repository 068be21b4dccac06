import type {StartContext} from '@service-harness/cli/plugin'
import type {Hold} from '../../agent/agents.js'
import type {Place} from '../install/place.js'
import type {Parts, Request} from './parts.js'

/** What one start of a package is carried out with, under the lock of its place. */
export interface Deploying {
  readonly request: Request
  readonly context: StartContext
  readonly parts: Parts
  /** Its signal aborts also when the lock is lost. */
  readonly place: Place
  readonly hold: Hold
}
