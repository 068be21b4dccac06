import {setTimeout as sleep} from 'node:timers/promises'
import type {PluginServices} from '@service-harness/cli/plugin'
import type {Agent} from '../agent/agent.js'
import type {Deadline} from './deadline.js'
import type {Process} from './run-record.js'

export interface EndTreeOptions {
  readonly agent: Agent
  readonly services: Pick<PluginServices, 'error'>
  /** Named in the error when something cannot be ended. */
  readonly subject: string
  readonly leader: Process
  /** `NAME=value`, in the environment of each of its processes. */
  readonly cookie: string
  /** Until then politely, from then on by force. */
  readonly deadline: Deadline
  /** Members seen while the leader lived, as `pid:tick`. */
  readonly known: readonly string[]
  /** The group of the leader was asked to end already; only what left it is asked. */
  readonly groupWasAsked: boolean
}

const patienceMs = 10_000
const firstPauseMs = 20
const longestPauseMs = 250

/**
 * Resolves when no process of an attempt is left there. Asks each with SIGTERM first, kills all that is left at the deadline, and looks again until a look finds
 * nothing: what forks meanwhile is found by the next one. Waits for the link when there is none.
 */
export async function endTree(options: EndTreeOptions): Promise<void> {
  const {agent, leader, cookie, deadline, groupWasAsked} = options
  let {known} = options
  const asked = new Set<string>()
  let forcedSince: number | undefined
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const isForced = deadline.hasPassed
    const how = isForced ? 'kill' : groupWasAsked ? 'rest' : 'term'
    const words = [leader.pid, leader.tick, cookie, known.join(' '), [...asked].join(' '), how].map(String)
    const {text} = await agent.ask('tree', words)
    known = membersIn(text)
    if (known.length === 0) return
    if (isForced) {
      forcedSince ??= performance.now()
      if (performance.now() - forcedSince > patienceMs) throw cannotEnd(options, known)
      await sleep(pauseMs)
    } else {
      for (const member of known) asked.add(member)
      await Promise.race([sleep(pauseMs), deadline.reached])
    }
  }
}

/** What the verb `tree` answers. */
export function membersIn(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '')
}

function cannotEnd({services, subject, agent}: EndTreeOptions, left: readonly string[]): Error {
  const pids = left.map((member) => Number(member.split(':')[0]))
  return services.error('SERVICE_STOP_FAILED', {
    subject,
    reason: `${agent.host.name} did not end process ${pids.join(', ')} ${patienceMs / 1000} s after SIGKILL`,
    hint: 'It may hang in the kernel there, for example on a network file system: see `ps -o pid,stat,wchan,args`.',
    details: {pids},
  })
}
