import {movableDeadline} from './deadline.js'
import {endTree} from './end-tree.js'
import {findRun, type Attempt} from './find-run.js'
import type {ProcessHost} from './host.js'

/** Ends by force what was begun of a start that was given up, and sees to it that it does not come to life later. */
export async function abandon(attempt: Attempt, host: ProcessHost): Promise<void> {
  const run = await findRun(attempt, host)
  if (!run) return
  using deadline = movableDeadline(host.clock)
  deadline.shorten(0)
  const tree = {leader: run.program, instance: attempt.instance}
  await endTree({host, tree, subject: attempt.service, deadline, known: [], groupWasAsked: true})
}
