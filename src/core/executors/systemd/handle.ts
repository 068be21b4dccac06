import type {WorkloadHandle} from '../../contract/workload.js'
import {abortable} from '../../process/abortable.js'
import type {Launch} from '../../process/command-file.js'
import {isAlive} from '../../process/identity.js'
import {bootId, timeOfTick} from '../../process/platform.js'
import type {RunPaths} from '../../process/run-directory.js'
import {removeRun} from '../../process/set-aside.js'
import {openLogs, orUndo} from '../open-logs.js'
import {beside} from '../process/beside.js'
import {eventsOf} from '../process/events.js'
import {Observed} from '../../base/observed.js'
import type {UnitRun} from './run-record.js'
import type {Shared} from './shared.js'
import {saved, serviceOf, systemdKind, type SystemdState} from './state.js'
import {unitStats} from './stats.js'
import {unitProcess} from './unit-process.js'

interface UnitHandleOptions {
  readonly id: string
  readonly state: SystemdState
  readonly paths: RunPaths
  readonly run: UnitRun
  readonly launch: Launch
  /** Started just now, as opposed to recovered. */
  readonly fresh: boolean
}

/** One program in a unit of its own. */
export function unitHandle(options: UnitHandleOptions, shared: Shared): WorkloadHandle<SystemdState> {
  const {id, state, paths, run, launch, fresh} = options
  const {host, services} = shared
  const manager = shared.managers[state.scope]
  const {unit, instance} = state
  const service = serviceOf(id)
  const released = new AbortController()
  const reachability = new Observed<'known' | 'unknown'>('known')
  const logs = openLogs({host, paths, limits: state.logs, fresh})
  const closeLogs = (): void => {
    for (const log of logs) log.close()
  }
  const running = orUndo(
    () =>
      unitProcess({unit, kept: state.kept ?? false, paths, run, host, manager, reachability, instance, service, fresh}),
    closeLogs,
  )
  void running.ended.then(closeLogs)
  return {
    id,
    place: run.program ? {pid: run.program.pid} : {},
    reachability,
    isAlive: () => run.program !== undefined && isAlive(run.program),
    startedAt: startOf(run, host.clock.now()),
    endpoints: [],
    events: eventsOf(logs, {fresh, ended: running.ended, released: released.signal}),
    logs,
    save: () => saved(id, state),
    wait: async (signal) => (await abortable(running.wait(), signal)).status,
    stop: async (stop) => (await running.stop(stop)).status,
    async destroy() {
      closeLogs()
      await removeRun(paths)
    },
    release() {
      released.abort()
      running[Symbol.dispose]()
      closeLogs()
    },
    ...beside(launch, {host, services, service, kind: systemdKind}),
    stats: (signal) => unitStats({unit, leader: run.program, instance}, {manager, host}, signal),
    signal: (signal) => running.signal(signal),
  }
}

function startOf({program, boot}: UnitRun, now: number): number {
  return program && boot === bootId() ? timeOfTick(program.startTick, now) : now
}
