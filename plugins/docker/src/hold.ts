import {rm} from 'node:fs/promises'
import {setTimeout as sleep} from 'node:timers/promises'
import type {ContainerInspectInfo} from 'dockerode'
import type {LogSpool, SavedHandle, WorkloadHandle} from '@service-harness/cli/plugin'
import {Container} from './container.js'
import {pumpLogs} from './engine/log-pump.js'
import {exitFile, type Ended} from './exit-file.js'
import {execIn, openSession} from './session.js'
import type {Shared} from './shared.js'
import {spoolOf} from './spools.js'
import {partsOf, type RunState} from './state.js'
import {statsOf} from './stats.js'

/** So long the rest of what a container has printed may take once it has ended. */
const lastLinesMs = 30_000

interface Holding<State extends RunState> {
  readonly saved: SavedHandle<State>
  readonly info: ContainerInspectInfo
  /** For the first time, as opposed to found again. */
  readonly fresh: boolean
  /** So many of the lines that are there already. @default all */
  readonly tail?: number
  /** What is done once its end is written down, and before anybody hears of it. */
  readonly afterEnd?: () => Promise<void>
}

type Common<State extends RunState> = Omit<WorkloadHandle<State>, 'destroy' | 'stop'>

/** A container, and what its handle can do whoever has made it. */
interface Held<State extends RunState> {
  readonly container: Container
  readonly common: Common<State>
}

/** Takes a container that runs, or has just ended, into its hands: watches it, and keeps what it prints and how it ends. */
export async function hold<State extends RunState>(holding: Holding<State>, shared: Shared): Promise<Held<State>> {
  const {saved, info, fresh, afterEnd} = holding
  const {engine, services} = shared
  const spool = services.openSpool(spoolOf(saved.state))
  const from = await positions(spool, fresh)
  const pumping = new AbortController()
  const pumped = pump(holding, shared, pumping.signal)
  const container = new Container(info, shared, {
    known: () => exitFile.read(saved.state.runDirectory),
    async settle(ended) {
      await Promise.race([pumped, sleep(lastLinesMs, undefined, {ref: false})])
      await exitFile.write(saved.state.runDirectory, ended)
      await afterEnd?.()
    },
  })
  void container.ended.then(() => {
    pumping.abort()
    spool.close()
  })
  const released = new AbortController()
  const common: Common<State> = {
    id: saved.id,
    place: {container: info.Name.replace(/^\//, '')},
    startedAt: container.startedAt,
    endpoints: [],
    reachability: shared.monitor.reachability,
    ...(container.health && {health: container.health}),
    logs: spool.logs,
    events: services.workloadEvents({
      logs: spool.logs.map((source, index) => ({source, from: from[index] ?? 0})),
      ended: container.ended,
      signal: released.signal,
    }),
    save: () => saved,
    wait: async (signal) => (await services.abortable(container.ended, signal)).status,
    release() {
      released.abort()
      pumping.abort()
      container[Symbol.dispose]()
      spool.close()
    },
    exec: (command, signal) => execIn(container, command, {...shared, signal}),
    openSession: (request) => openSession(container, request, shared),
    stats: (signal) => statsOf(info.Id, engine, signal),
  }
  return {container, common}
}

function pump<State extends RunState>(
  {saved, info, tail}: Holding<State>,
  {engine, services}: Shared,
  signal: AbortSignal,
): Promise<void> {
  const of = {container: info.Id, startedAt: Date.parse(info.State.StartedAt), terminal: info.Config.Tty}
  return services.writeSpool(
    spoolOf(saved.state),
    (spool, stop) => pumpLogs({...of, engine, spool, log: services.log, ...(tail !== undefined && {tail})}, stop),
    signal,
  )
}

/** One that is over: how it ended and what it printed is kept. */
export async function heldEnd<State extends RunState>(
  saved: SavedHandle<State>,
  ended: Ended,
  {services, monitor}: Shared,
): Promise<WorkloadHandle<State>> {
  const spool = services.openSpool(spoolOf(saved.state))
  const from = await positions(spool, false)
  const status = Promise.resolve(ended)
  return {
    id: saved.id,
    place: {},
    startedAt: ended.startedAt,
    endpoints: [],
    reachability: monitor.reachability,
    logs: spool.logs,
    events: services.workloadEvents({
      logs: spool.logs.map((source, index) => ({source, from: from[index] ?? 0})),
      ended: status,
    }),
    save: () => saved,
    wait: async (signal) => (await services.abortable(status, signal)).status,
    stop: () => Promise.resolve(ended.status),
    async destroy() {
      spool.close()
      await rm(saved.state.runDirectory, {recursive: true, force: true})
    },
    release() {
      spool.close()
    },
    exec: () => Promise.reject(notRunning(saved.id, services)),
  }
}

export function notRunning(id: string, services: Shared['services']): Error {
  return services.error('SERVICE_NOT_RUNNING', {subject: partsOf(id).service, reason: 'its container has ended'})
}

async function positions({logs}: LogSpool, fresh: boolean): Promise<readonly number[]> {
  return fresh ? logs.map(() => 0) : await Promise.all(logs.map((source) => source.end()))
}
