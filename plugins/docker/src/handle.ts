import {rm} from 'node:fs/promises'
import type {ContainerInspectInfo} from 'dockerode'
import type {WorkloadHandle} from '@service-harness/cli/plugin'
import type {Ended} from './exit-file.js'
import {heldEnd, hold, notRunning} from './hold.js'
import {openInput} from './input.js'
import {remove} from './remove.js'
import type {Shared} from './shared.js'
import {partsOf, saved, type DockerState} from './state.js'

interface Opening {
  readonly id: string
  readonly state: DockerState
  readonly info: ContainerInspectInfo
  /** Begun just now, as opposed to found again. */
  readonly fresh: boolean
}

/** Takes a container that was made for an attempt into its hands: it is removed once it has ended. */
export async function openHandle(
  {id, state, info, fresh}: Opening,
  shared: Shared,
): Promise<WorkloadHandle<DockerState>> {
  const {stack, service} = partsOf(id)
  const afterEnd = (): Promise<void> => remove(info.Id, stack, shared)
  const {container, common} = await hold({saved: saved(id, state), info, fresh, afterEnd}, shared)
  return {
    ...common,
    stop: async (options) => (await container.stop(options)).status,
    async destroy() {
      common.release()
      await remove(info.Id, stack, shared)
      await rm(state.runDirectory, {recursive: true, force: true})
    },
    ...(info.Config.OpenStdin && {openInput: () => openInput(container, service, shared)}),
    async signal(signal) {
      if (!(await container.kill(signal))) throw notRunning(id, shared.services)
    },
  }
}

/** One whose container is removed already. */
export async function endedHandle(
  id: string,
  state: DockerState,
  {shared, ended}: {readonly shared: Shared; readonly ended: Ended},
): Promise<WorkloadHandle<DockerState>> {
  const handle = await heldEnd(saved(id, state), ended, shared)
  return {...handle, signal: () => Promise.reject(notRunning(id, shared.services))}
}
