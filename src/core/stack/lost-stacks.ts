import path from 'node:path'
import type {Clock} from '../base/clock.js'
import type {Log} from '../base/log.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {WorkloadHandle} from '../contract/workload.js'
import {AttemptCopies} from '../service/attempt-copies.js'
import {findWorkload} from '../service/find-workload.js'
import {firstRunning} from '../service/first-running.js'
import type {AttemptRecord} from '../service/record.js'
import type {StackCopies} from './stack-copies.js'
import type {SavedStack} from './stack-model.js'

interface Host {
  readonly catalogue: Catalogue
  readonly clock: Clock
  readonly log: Log
}

/**
 * Stacks of which services run that are not known: the part of the journal that said so is lost, be it all of a stack or its last change. As the copies
 * beside the run directories have them.
 */
export async function lostStacks(
  copies: StackCopies,
  isKnown: (id: string, name: string) => boolean,
  host: Host,
): Promise<ReadonlyMap<string, SavedStack>> {
  const found = await Promise.all(
    (await copies.ids()).map(async (id) => {
      const running = await runningIn(id, copies, {...host, isKnown: (name) => isKnown(id, name)})
      const copy = running.length > 0 && (await copies.read(id))
      return copy ? [[id, copy] as const] : []
    }),
  )
  return new Map(found.flat())
}

/** The services of a stack that run, by what lies in its run directories; but for those that are known. */
export async function runningIn(
  id: string,
  copies: StackCopies,
  {isKnown, ...host}: Host & {readonly isKnown: (name: string) => boolean},
): Promise<readonly string[]> {
  const folders = (await copies.folders(id)).filter((folder) => !isKnown(path.basename(folder)))
  const running = await Promise.all(folders.map((folder) => runs(folder, host)))
  return folders.filter((_, index) => running[index]).map((folder) => path.basename(folder))
}

async function runs(folder: string, {catalogue, clock, log}: Host): Promise<boolean> {
  const find = async ({saved}: AttemptRecord): Promise<WorkloadHandle | undefined> => {
    const executor = catalogue.executor(saved.executor)
    return executor && findWorkload(executor, saved, clock)
  }
  const attempts = await new AttemptCopies(folder).others(new Set())
  return (await firstRunning(attempts, {find, clock, log})).running !== undefined
}
