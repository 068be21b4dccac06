import {HarnessError} from '../../../base/errors.js'
import type {SavedHandle, StopOptions, WorkloadHandle} from '../../../contract/workload.js'
import {abortable} from '../../../process/abortable.js'
import {lostStatus} from '../../../process/await-end.js'
import {identify} from '../../../process/identity.js'
import {runPaths} from '../../../process/run-directory.js'
import {removeRun} from '../../../process/set-aside.js'
import {beside} from '../../process/beside.js'
import {timeOfMonotonic, type Facts, type Machine} from '../machine.js'
import {isSuccess, wordsOf, type Manager} from '../manager.js'
import type {UnitState} from '../parse-units.js'
import type {Shared} from '../shared.js'
import {serviceOf, systemdKind, type SystemdState} from '../state.js'
import {unitStats} from '../stats.js'
import {spoolJournal} from './journal.js'
import type {Mark} from './mark.js'
import {stopUnit} from './stop.js'
import {watchUnit, type UnitWatch} from './watch.js'

export type Ownership = 'attached' | 'managed'

export interface ExistingOptions {
  readonly id: string
  readonly state: SystemdState
  readonly mark: Mark
  readonly machine: Machine
  readonly facts: Facts
  /** How it is now. */
  readonly found: UnitState
  readonly fresh: boolean
  readonly ownership: Ownership
  readonly kind?: string
}

/** A unit that was there before harness, for as long as it is up: systemd itself may start its program anew meanwhile. */
export async function existingHandle(options: ExistingOptions, shared: Shared): Promise<WorkloadHandle<SystemdState>> {
  const {id, mark, machine, facts, found, ownership} = options
  const state = {...options.state, ...(mark.scope && {scope: mark.scope})}
  const {unit, scope, instance} = state
  const {host, services} = shared
  const {clock} = host
  const manager = machine.managers[scope]
  const {place} = machine
  const service = serviceOf(id)
  const {kind = systemdKind, fresh} = options
  const released = new AbortController()
  const watch = watchUnit({unit, mark, found, machine, manager, clock})
  const journal = await spoolJournal({state, mark, machine, manager, services, clock, watch, fresh}).catch(
    (error: unknown) => {
      watch[Symbol.dispose]()
      throw error
    },
  )
  const ended = watch.ended.then(async (end) => {
    await journal.drained
    return end
  })
  const release = (): void => {
    released.abort()
    watch[Symbol.dispose]()
    journal[Symbol.dispose]()
  }
  return {
    id,
    get place() {
      const {mainPid} = watch.current
      return {...(mainPid !== 0 && {pid: mainPid}), ...(place !== undefined && {host: place})}
    },
    reachability: watch.reachability,
    startedAt: found.activeSince > 0 ? timeOfMonotonic(found.activeSince, facts, facts.here) : mark.from,
    endpoints: [],
    events: services.workloadEvents({logs: journal.logs, ended, signal: released.signal}),
    logs: journal.logs.map(({source}) => source),
    save: (): SavedHandle<SystemdState> => ({executor: kind, version: 1, id, state}),
    wait: async (signal) => (await abortable(ended, signal)).status,
    async stop(stop: StopOptions) {
      if (ownership === 'attached') watch.letGo(lostStatus('harness let go of it'))
      else await stopUnit({unit, service, machine, manager, host, watch}, stop)
      return (await ended).status
    },
    async destroy() {
      release()
      await removeRun(runPaths(state.runDirectory))
    },
    release,
    ...beside(mark, {host, services, service, kind}),
    stats(signal) {
      const leader = place === undefined ? identify(watch.current.mainPid) : undefined
      return unitStats({unit, leader, instance}, {manager, host}, signal)
    },
    ...(ownership === 'managed' && {signal: (signal) => sendSignal(signal, {unit, service, manager, watch})}),
  }
}

interface Signalled {
  readonly unit: string
  readonly service: string
  readonly manager: Manager
  readonly watch: UnitWatch
}

async function sendSignal(signal: NodeJS.Signals, {unit, service, manager, watch}: Signalled): Promise<void> {
  await watch.look()
  if (watch.isOver() || watch.current.mainPid === 0) {
    throw new HarnessError('SERVICE_NOT_RUNNING', {subject: service, reason: `unit '${unit}' has no program that runs`})
  }
  const result = await manager.kill(unit, signal, 'main')
  if (isSuccess(result)) return
  const reason = `systemd did not send ${signal} to '${unit}': ${wordsOf(result)}`
  throw new HarnessError('EXECUTOR_FAILED', {subject: systemdKind, reason})
}
