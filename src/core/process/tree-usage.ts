import {readFileSync} from 'node:fs'
import type {WorkloadStats} from '../contract/workload.js'
import type {ProcessHost} from './host.js'
import type {ProcessIdentity} from './identity.js'
import {findTree, type Tree} from './tree.js'

/** Of processor time, between two looks. */
const spanMs = 200
const ticksPerSecond = 100
const pageBytes = 4096

/** What all processes of a tree use: their processor time over a fifth of a second, and their resident memory. */
export async function treeUsage(tree: Tree, host: ProcessHost, signal: AbortSignal): Promise<WorkloadStats> {
  const processes = findTree(await host.scanner.scan(), tree)
  const before = total(processes)
  const began = host.clock.monotonic()
  await host.clock.sleep(spanMs, signal)
  const after = total(processes)
  const seconds = (host.clock.monotonic() - began) / 1000
  return {cpu: Math.max(0, after.ticks - before.ticks) / ticksPerSecond / seconds, memory: after.pages * pageBytes}
}

function total(processes: readonly ProcessIdentity[]): {readonly ticks: number; readonly pages: number} {
  const sum = {ticks: 0, pages: 0}
  for (const {pid, startTick} of processes) {
    const fields = fieldsOf(pid)
    // One that has ended meanwhile, whose number somebody else may have by now.
    if (Number(fields[22 - 3]) !== startTick) continue
    sum.ticks += Number(fields[14 - 3]) + Number(fields[15 - 3])
    sum.pages += Number(fields[24 - 3])
  }
  return sum
}

/** Of `/proc/<pid>/stat`, from the third on: the name before them may hold anything. */
function fieldsOf(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}
