import type {JsonObject} from '../../base/json.js'
import {endless} from '../endless.js'
import {given} from '../given.js'
import type {Part} from '../part.js'
import {readSeconds} from './seconds.js'
import type {Scope} from './texts.js'

export interface Availability {
  readonly policy: 'always' | 'no' | 'on-failure'
  readonly restart?: JsonObject
  /** Its end ends all of them: always, or when it fails. */
  readonly ends: 'always' | 'failure' | 'never'
}

const policies: Readonly<Record<string, Availability['policy']>> = {
  no: 'no',
  always: 'always',
  on_failure: 'on-failure',
  exit_on_failure: 'no',
}

/** Whether it is started again, and whether its end is the end of all. */
export function readAvailability(scope: Scope, part: Part | undefined): Availability {
  if (part === undefined) return {policy: 'no', ends: 'never'}
  // YAML 1.1 has no other word for it.
  const word = part.value('restart') === false ? 'no' : (part.text('restart') ?? 'no')
  const policy = Object.hasOwn(policies, word) ? policies[word] : undefined
  if (policy === undefined) return part.wrong('restart', 'one of no, always, on_failure, exit_on_failure', word)
  const delay = readSeconds(scope, part, 'backoff_seconds', {min: 1}) ?? '1s'
  const most = part.number('max_restarts') ?? 0
  const ends = part.flag('exit_on_end') ? 'always' : word === 'exit_on_failure' ? 'failure' : 'never'
  if (part.flag('exit_on_skipped')) {
    part.note(
      'exit_on_skipped',
      'with `harness start --ci` all is stopped when this cannot start; the exit code is 4 instead of 1',
    )
  }
  part.leftOvers()
  if (policy === 'no') return {policy, ends}
  return {policy, ends, restart: restartOf(policy, delay, most)}
}

/** process-compose waits the same time each time, and counts the restarts of a whole life. */
function restartOf(policy: string, delay: string, most: number): JsonObject {
  const limit = most > 0 ? {max_attempts: most, window: '24d', reset_after: '24d'} : {max_attempts: endless}
  return given({policy, delay, factor: 1, jitter: 0, ...limit})
}
