import {rm} from 'node:fs/promises'
import type {ContainerInspectInfo} from 'dockerode'
import type {SavedHandle, WorkloadHandle} from '@service-harness/cli/plugin'
import {hold} from '../hold.js'
import type {Shared} from '../shared.js'
import type {RunState} from '../state.js'
import {attachedSeat} from './seat.js'

/** It may have printed for years. */
const firstLines = 1000

interface Attaching {
  readonly saved: SavedHandle<RunState>
  readonly info: ContainerInspectInfo
  /** For the first time, as opposed to found again. */
  readonly fresh: boolean
}

/** A container of someone else: watched, never ended nor removed. */
export async function attachHandle(attaching: Attaching, shared: Shared): Promise<WorkloadHandle<RunState>> {
  const {container, common} = await hold({...attaching, tail: firstLines}, shared)
  return {
    ...common,
    seat: attachedSeat(attaching.info, shared.engine.machine),
    async stop() {
      container.letGo()
      return (await container.ended).status
    },
    async destroy() {
      common.release()
      await rm(attaching.saved.state.runDirectory, {recursive: true, force: true})
    },
  }
}
