import {HarnessError, messageOf} from '../../base/errors.js'
import type {PluginServices} from '../../contract/services.js'
import type {SavedHandle, WorkloadHandle} from '../../contract/workload.js'
import {abortable} from '../../process/abortable.js'
import type {Launch} from '../../process/command-file.js'
import type {ProcessHost} from '../../process/host.js'
import {isAlive} from '../../process/identity.js'
import {timeOfTick} from '../../process/platform.js'
import {isOfThisBoot, type RunPaths, type RunRecord} from '../../process/run-directory.js'
import {serviceProcess, type ServiceProcess} from '../../process/service-process.js'
import {openFifo} from '../../process/session/open-fifo.js'
import {removeRun} from '../../process/set-aside.js'
import {treeUsage} from '../../process/tree-usage.js'
import {openLogs, orUndo} from '../open-logs.js'
import {beside} from './beside.js'
import {eventsOf} from './events.js'
import {processKind, saved, serviceOf, type ProcessState} from './state.js'

export interface ProcessHandleOptions {
  readonly host: ProcessHost
  readonly services: Pick<PluginServices, 'layers'>
  readonly id: string
  readonly state: ProcessState
  readonly paths: RunPaths
  readonly run: RunRecord
  readonly launch: Launch
  /** Started just now, as opposed to recovered. */
  readonly fresh: boolean
}

/** One program under a shim. */
export function processHandle(options: ProcessHandleOptions): WorkloadHandle<ProcessState> {
  const {host, id, state, paths, run, launch, fresh} = options
  const released = new AbortController()
  const logs = openLogs({host, paths, limits: state.logs, fresh})
  const closeLogs = (): void => {
    for (const log of logs) log.close()
  }
  const {program, graceMs} = launch
  const {instance} = state
  const service = orUndo(
    () => serviceProcess({host, paths, run, instance, service: serviceOf(id), program, graceMs}),
    closeLogs,
  )
  void service.ended.then(closeLogs)
  const isThere = (): boolean => isAlive(run.program)
  return {
    id,
    place: {pid: run.program.pid, ...(launch.inside?.elsewhere && {host: launch.inside.elsewhere})},
    isAlive: isThere,
    startedAt: isOfThisBoot(run.program) ? timeOfTick(run.program.startTick, host.clock.now()) : host.clock.now(),
    endpoints: [],
    events: eventsOf(logs, {fresh, ended: service.ended, released: released.signal}),
    logs,
    save: (): SavedHandle<ProcessState> => saved(id, state),
    wait: async (signal) => (await abortable(service.wait(), signal)).status,
    stop: async (stop) => (await service.stop(stop)).status,
    async destroy() {
      closeLogs()
      await removeRun(paths)
    },
    release() {
      released.abort()
      service[Symbol.dispose]()
      closeLogs()
    },
    ...beside(launch, {host, services: options.services, service: serviceOf(id), kind: processKind}),
    ...(launch.stdin && {
      openInput: () => openFifo(paths.input, {service: serviceOf(id), clock: host.clock, isAlive: isThere}),
    }),
    stats: (signal) => treeUsage({leader: run.program, instance}, host, signal),
    // The client of a layer passes none on.
    ...(!launch.inside && {signal: (signal: NodeJS.Signals) => sendSignal(service, serviceOf(id), signal)}),
  }
}

async function sendSignal(process: ServiceProcess, service: string, signal: NodeJS.Signals): Promise<void> {
  let sent
  try {
    sent = await Promise.resolve(process.signal(signal))
  } catch (error) {
    const reason = `the system does not let ${signal} be sent to '${service}': ${messageOf(error)}`
    throw new HarnessError('EXECUTOR_FAILED', {subject: processKind, reason, cause: error})
  }
  if (!sent) throw new HarnessError('SERVICE_NOT_RUNNING', {subject: service, reason: 'its program has just ended'})
}
