import {movableDeadline} from './deadline.js'
import {endTree} from './end-tree.js'
import type {ProcessHost} from './host.js'
import {bootId} from './platform.js'

/** How long they may take to end by themselves. What they were given in the stack file was lost with the records. */
const graceMs = 2000

/**
 * Ends what runs of an attempt whose records are gone, as when somebody removed its folder: only the cookie tells that it was begun.
 * A second one beside it would be worse than the end of the first.
 */
export async function endStrays(
  {instance, service}: {readonly instance: string; readonly service: string},
  host: ProcessHost,
): Promise<void> {
  const table = await host.scanner.scan()
  const [oldest] = [...table.processes.values()]
    .filter(({pid}) => pid !== process.pid && table.instanceOf(pid) === instance)
    .sort((one, other) => one.startTick - other.startTick)
  if (!oldest) return
  using deadline = movableDeadline(host.clock)
  deadline.shorten(graceMs)
  const tree = {leader: {boot: bootId(), pid: oldest.pid, startTick: oldest.startTick}, instance}
  await endTree({host, tree, subject: service, deadline, known: [], groupWasAsked: false})
}
