import {endStrays} from '../../process/end-strays.js'
import {runPaths} from '../../process/run-directory.js'
import {removeRun} from '../../process/set-aside.js'
import type {Shared} from './shared.js'
import {serviceOf, type SystemdState} from './state.js'

/**
 * Ends by force what was begun of a start that was given up. The folder goes first: a unit that systemd is only about to start needs its files, so
 * that it will not.
 */
export async function abandonUnit(
  {id, state}: {readonly id: string; readonly state: SystemdState},
  {host, managers}: Shared,
): Promise<void> {
  const manager = managers[state.scope]
  await removeRun(runPaths(state.runDirectory))
  try {
    await manager.kill(state.unit, 'SIGKILL', 'all')
    await manager.stop(state.unit, {wait: true})
    if (state.kept) await manager.resetFailed(state.unit)
  } catch {
    // It does not answer; its processes are found without it.
  }
  await endStrays({instance: state.instance, service: serviceOf(id)}, host)
}
