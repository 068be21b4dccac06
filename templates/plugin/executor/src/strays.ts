import {readdir, readFile} from 'node:fs/promises'
import {setTimeout as sleep} from 'node:timers/promises'

/** Every process of a workload has it in its environment, also one that left its process group. The host's own processes have it too. */
export const instanceVariable = 'HARNESS_INSTANCE'

/** Kills every process of a workload, until none is left. */
export async function endAll(instance: string): Promise<void> {
  for (let left = await find(instance); left.length > 0; left = await find(instance)) {
    for (const pid of left) kill(pid)
    await sleep(10)
  }
}

async function find(instance: string): Promise<readonly number[]> {
  const mark = `${instanceVariable}=${instance}`
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const marked = await Promise.all(
    // Of processes that have ended, or are somebody else's, there is nothing to read.
    pids.map((pid) =>
      readFile(`/proc/${pid}/environ`, 'utf8').then(
        (environment) => environment.split('\0').includes(mark),
        () => false,
      ),
    ),
  )
  return pids.filter((_, index) => marked[index]).map(Number)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}
