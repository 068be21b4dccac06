import {readFile} from 'node:fs/promises'
import type {SavedHandle, WorkloadHandle} from '../../contract/workload.js'
import {parseCommandFile} from '../../process/command-file.js'
import {findRun} from '../../process/find-run.js'
import {runPaths} from '../../process/run-directory.js'
import {processHandle, type ProcessHandleOptions} from './handle.js'
import {serviceOf, type ProcessState} from './state.js'

/** Finds a process again by its run directory, running or ended. What runs without its records is ended. */
export async function recoverProcess(
  {id, state}: SavedHandle<ProcessState>,
  {host, services}: Pick<ProcessHandleOptions, 'host' | 'services'>,
  signal: AbortSignal,
): Promise<WorkloadHandle<ProcessState> | undefined> {
  const paths = runPaths(state.runDirectory)
  const run = await findRun({paths, instance: state.instance, service: serviceOf(id)}, host, signal)
  if (!run) return undefined
  const launch = parseCommandFile(await readFile(paths.command, 'utf8'))
  return processHandle({host, services, id, state, paths, run, launch, fresh: false})
}
