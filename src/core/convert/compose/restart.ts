import type {JsonObject} from '../../base/json.js'
import {endless} from '../endless.js'
import {given} from '../given.js'
import type {Part} from '../part.js'

/** Docker waits twice as long each time, up to a minute, and forgets after ten seconds. */
const pace = {delay: '100ms', factor: 2, max_delay: '1m', jitter: 0, reset_after: '10s'}

/** `restart`, or the restart policy of `deploy`. */
export function readRestart(part: Part, deploy: Part | undefined): JsonObject | undefined {
  const word = part.value('restart') === false ? 'no' : part.text('restart')
  const policy = deploy?.part('restart_policy')
  if (policy) return readDeployed(policy)
  if (word === undefined || word === 'no') return undefined
  const [, most] = /^on-failure(?::(\d+))?$/.exec(word) ?? []
  if (word.startsWith('on-failure')) {
    const limit =
      most === undefined || most === '0' ? {max_attempts: endless} : {max_attempts: Number(most), window: '24d'}
    return {policy: 'on-failure', ...pace, ...limit}
  }
  if (word === 'always' || word === 'unless-stopped') return {policy: 'always', ...pace, max_attempts: endless}
  return part.wrong('restart', 'one of no, always, on-failure, unless-stopped', word)
}

const conditions: Readonly<Record<string, string>> = {none: 'no', 'on-failure': 'on-failure', any: 'always'}

function readDeployed(part: Part): JsonObject | undefined {
  const word = part.text('condition') ?? 'any'
  const policy = Object.hasOwn(conditions, word)
    ? conditions[word]
    : part.wrong('condition', 'none, on-failure or any', word)
  const most = part.number('max_attempts')
  const fields = given({
    policy,
    delay: part.text('delay') ?? '5s',
    factor: 1,
    jitter: 0,
    max_attempts: most ?? endless,
    window: part.text('window') ?? (most === undefined ? undefined : '24d'),
  })
  part.leftOvers()
  return policy === 'no' ? undefined : fields
}
