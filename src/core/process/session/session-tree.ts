import {movableDeadline} from '../deadline.js'
import {endTree} from '../end-tree.js'
import type {ProcessHost} from '../host.js'
import {signalGroup} from '../identity.js'
import {bootId, readStat} from '../platform.js'
import type {Tree} from '../tree.js'

/** How long what hears SIGHUP and SIGTERM may take to end, in milliseconds. */
const graceMs = 2000

/** Every process of a session. */
export interface SessionTree {
  /** Ends all that is left of it, politely first. `hangUp`: what runs is told before that its client has gone. */
  end(how: {readonly hangUp: boolean}): Promise<void>
  /** To the group of its first process. */
  signal(signal: NodeJS.Signals): void
}

/** `pid` leads a session of its own, and was started just now; `session` is in the environment of all that it starts. */
export function sessionTree(
  pid: number,
  {host, session, service}: {readonly host: ProcessHost; readonly session: string; readonly service: string},
): SessionTree {
  const leader = {boot: bootId(), pid, startTick: readStat(pid)?.startTick ?? 0}
  const tree: Tree = {leader, session}
  let ending: Promise<void> | undefined
  const end = async (hangUp: boolean): Promise<void> => {
    // A shell at a terminal ends at SIGHUP alone.
    if (hangUp) {
      signalGroup(leader, 'SIGHUP')
      signalGroup(leader, 'SIGCONT')
    }
    using deadline = movableDeadline(host.clock)
    deadline.shorten(graceMs)
    await endTree({host, tree, subject: service, deadline, known: [], groupWasAsked: false})
  }
  return {
    end: ({hangUp}) => (ending ??= end(hangUp)),
    signal(signal) {
      signalGroup(leader, signal)
    },
  }
}
