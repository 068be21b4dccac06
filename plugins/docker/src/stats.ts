import type {WorkloadStats} from '@service-harness/cli/plugin'
import type {Engine} from './engine/engine.js'

interface Usage {
  readonly cpu_usage?: {readonly total_usage?: number}
  readonly system_cpu_usage?: number
  readonly online_cpus?: number
}

/** Between the engine's last two measurements, a second apart. The page cache counts for nothing, as `docker stats` has it. */
export async function statsOf(container: string, engine: Engine, signal: AbortSignal): Promise<WorkloadStats> {
  const found = await engine.ask((docker) =>
    docker.getContainer(container).stats({stream: false, abortSignal: signal} as {stream: false}),
  )
  const {
    cpu_stats: now,
    precpu_stats: before,
    memory_stats: memory,
  } = found as unknown as {
    readonly cpu_stats: Usage
    readonly precpu_stats: Usage
    readonly memory_stats: Memory
  }
  return {
    cpu: share(before, now),
    memory: memoryOf(memory),
    ...(memory.limit !== undefined && {memoryLimit: memory.limit}),
  }
}

interface Memory {
  readonly usage?: number
  readonly limit?: number
  readonly stats?: Readonly<Record<string, number>>
}

function share(before: Usage, now: Usage): number {
  const spent = (now.cpu_usage?.total_usage ?? 0) - (before.cpu_usage?.total_usage ?? 0)
  const passed = (now.system_cpu_usage ?? 0) - (before.system_cpu_usage ?? 0)
  return passed > 0 ? (spent / passed) * (now.online_cpus ?? 1) : 0
}

function memoryOf({usage = 0, stats = {}}: Memory): number {
  return Math.max(0, usage - (stats['total_inactive_file'] ?? stats['inactive_file'] ?? 0))
}
