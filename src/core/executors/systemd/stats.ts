import type {WorkloadStats} from '../../contract/workload.js'
import type {ProcessHost} from '../../process/host.js'
import type {ProcessIdentity} from '../../process/identity.js'
import {treeUsage} from '../../process/tree-usage.js'
import type {Manager} from './manager.js'

interface Measured {
  readonly unit: string
  readonly leader: ProcessIdentity | undefined
  readonly instance: string
}

/** Of processor time, between two looks. */
const spanMs = 200

/** What the control group of a unit uses, by systemd's own accounts; where it keeps none, what its processes use. */
export async function unitStats(
  {unit, leader, instance}: Measured,
  {manager, host}: {readonly manager: Manager; readonly host: ProcessHost},
  signal: AbortSignal,
): Promise<WorkloadStats> {
  const before = await manager.showOne(unit, signal)
  if (before.cpuNs === undefined || before.memory === undefined) {
    return leader ? await treeUsage({leader, instance}, host, signal) : {cpu: 0, memory: before.memory ?? 0}
  }
  const began = host.clock.monotonic()
  await host.clock.sleep(spanMs, signal)
  const after = await manager.showOne(unit, signal)
  const spent = Math.max(0, (after.cpuNs ?? before.cpuNs) - before.cpuNs)
  return {
    cpu: spent / 1e6 / (host.clock.monotonic() - began),
    memory: after.memory ?? before.memory,
    ...(after.memoryMax !== undefined && {memoryLimit: after.memoryMax}),
  }
}
