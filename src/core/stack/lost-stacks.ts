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

/** Stacks that are not `known` and of which a service runs, as the copies beside the run directories say. */
export async function lostStacks(
  copies: StackCopies,
  known: ReadonlySet<string>,
  host: Host,
): Promise<ReadonlyMap<string, SavedStack>> {
  const found = await Promise.all(
    [...(await copies.others(known))].map(async (entry) =>
      (await anyRuns(await copies.folders(entry[0]), host)) ? [entry] : [],
    ),
  )
  return new Map(found.flat())
}

async function anyRuns(folders: readonly string[], {catalogue, clock, log}: Host): Promise<boolean> {
  const find = async ({saved}: AttemptRecord): Promise<WorkloadHandle | undefined> => {
    const executor = catalogue.executor(saved.executor)
    return executor && findWorkload(executor, saved, clock)
  }
  const running = await Promise.all(
    folders.map(async (folder) => firstRunning(await new AttemptCopies(folder).others(new Set()), {find, clock, log})),
  )
  return running.some((attempt) => attempt !== undefined)
}
