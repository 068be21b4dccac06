import {HarnessError} from '../base/errors.js'
import type {MovableDeadline} from './deadline.js'
import type {ProcessHost} from './host.js'
import {isAlive, signalProcess, type ProcessIdentity} from './identity.js'
import {readStat} from './platform.js'
import {findTree, type Tree} from './tree.js'

export interface EndTreeOptions {
  readonly host: ProcessHost
  readonly tree: Tree
  /** Named in the error when something cannot be ended. */
  readonly subject: string
  /** Until then politely, from then on by force. */
  readonly deadline: MovableDeadline
  /** Members seen while the leader lived. */
  readonly known: readonly ProcessIdentity[]
  /** The program's group was asked to end already; only what left the group is asked. */
  readonly groupWasAsked: boolean
}

const patienceMs = 10_000

/**
 * Resolves when no process of an attempt is left. Asks each with SIGTERM first, kills all that is left at the deadline, and looks
 * again until a look finds nothing: what forks meanwhile is found by the next one.
 */
export async function endTree(options: EndTreeOptions): Promise<void> {
  const {host, tree, deadline} = options
  const asked = new Set<number>()
  let known = options.known
  let forcedSince: number | undefined
  for (let pause = 5; ; pause = Math.min(pause * 2, 50)) {
    known = findTree(await host.scanner.scan(), tree, known)
    if (known.length === 0) return
    if (deadline.passed()) {
      forcedSince ??= host.clock.monotonic()
      if (host.clock.monotonic() - forcedSince > patienceMs) throw cannotEnd(options.subject, known)
      for (const member of known) signalProcess(member, 'SIGKILL')
      await gone(host, known)
    } else {
      for (const member of known) askOnce(member, options, asked)
      await Promise.race([host.clock.sleep(pause), deadline.reached])
    }
  }
}

function askOnce(member: ProcessIdentity, options: EndTreeOptions, asked: Set<number>): void {
  if (asked.has(member.pid)) return
  asked.add(member.pid)
  const inGroup = readStat(member.pid)?.pgrp === options.tree.leader.pid
  if (!(inGroup && options.groupWasAsked)) signalProcess(member, 'SIGTERM')
}

/** Killed processes need a moment; waiting for them is cheaper than looking through all processes again. */
async function gone(host: ProcessHost, members: readonly ProcessIdentity[]): Promise<void> {
  for (let pause = 1; pause < 200 && members.some(isAlive); pause *= 2) await host.clock.sleep(pause)
}

function cannotEnd(subject: string, left: readonly ProcessIdentity[]): HarnessError {
  return new HarnessError('SERVICE_STOP_FAILED', {
    subject,
    reason: `the system did not end process ${left.map(({pid}) => pid).join(', ')} ${patienceMs / 1000} s after SIGKILL`,
    hint: 'It may hang in the kernel, for example on a network file system: see `ps -o pid,stat,wchan,args`.',
    details: {pids: left.map(({pid}) => pid)},
  })
}
