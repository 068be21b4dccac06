import {readdir} from 'node:fs/promises'
import path from 'node:path'
import {readOpenFile, type ProcessStat} from './platform.js'
import type {ProcessTable} from './scan.js'
import {isAside} from './set-aside.js'

/** A live process that carries a cookie, of an attempt whose run directory lies, or lay, in a folder. */
export interface InstanceProcess {
  readonly stat: ProcessStat
  readonly instance: string
  /** `undefined` when the run directory is gone. */
  readonly of: {readonly stack: string; readonly name: string} | undefined
}

/** All of them. Other daemons of the user have theirs: one without a run directory is ours when its output goes into the folder. */
export async function findInstances(table: ProcessTable, runsDirectory: string): Promise<readonly InstanceProcess[]> {
  const owners = await readOwners(runsDirectory)
  return [...table.processes.values()].flatMap((stat) => {
    const instance = stat.pid === process.pid ? undefined : table.instanceOf(stat.pid)
    if (instance === undefined) return []
    const of = owners.get(instance)
    return of || writesInto(stat.pid, runsDirectory) ? [{stat, instance, of}] : []
  })
}

function writesInto(pid: number, folder: string): boolean {
  return [1, 2].some((descriptor) => readOpenFile(pid, descriptor)?.startsWith(`${folder}/`))
}

/** Whose attempt each instance is: `<stack>/<service>/<instance>`. */
async function readOwners(folder: string): Promise<ReadonlyMap<string, InstanceProcess['of']>> {
  const owners = new Map<string, InstanceProcess['of']>()
  for (const stack of await namesIn(folder)) {
    for (const name of await namesIn(path.join(folder, stack))) {
      const names = await namesIn(path.join(folder, stack, name))
      for (const instance of names.filter((each) => !isAside(each))) owners.set(instance, {stack, name})
    }
  }
  return owners
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch(() => [])
}
