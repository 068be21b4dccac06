import {rm} from 'node:fs/promises'
import {setTimeout as sleep} from 'node:timers/promises'
import type {ExitStatus, LogSpool, ShimLaunch, WorkloadHandle} from '@service-harness/cli/plugin'
import type {Hold} from '../agent/agents.js'
import type {Shared} from '../shared.js'
import type {Ended, EndedRun} from './ended.js'
import {openInput} from './input.js'
import {LogPump} from './log-pump.js'
import type {FoundRun} from './run-record.js'
import {RemoteRun, removeThere} from './run.js'
import {execBeside, openSession, type Beside} from './session.js'
import {spoolOf} from './spools.js'
import {startFailure} from './start-failure.js'
import {saved, serviceOf, type RemoteState} from './state.js'
import {usageOf} from './usage.js'

interface Opening {
  readonly id: string
  readonly state: RemoteState
  readonly found: FoundRun
  /** Begun just now, as opposed to found again. */
  readonly fresh: boolean
  readonly hold: Hold
  readonly tunnel?: AsyncDisposable | undefined
}

/** So long a removal waits for a link that is cut. */
const removalMs = 5000

/** One program under a shim on another machine. The hold is its own from now on. */
export async function openHandle(
  {id, state, found, fresh, hold, tunnel}: Opening,
  {services}: Shared,
): Promise<WorkloadHandle<RemoteState>> {
  const {agent} = hold
  const {instance} = state
  const service = serviceOf(id)
  const spool = services.openSpool(spoolOf(state))
  const from = await positions(spool, fresh)
  const pump = new LogPump(agent, state, services)
  const run = new RemoteRun(found, {
    ...{agent, services, state, pump, service},
    whyNotStarted: (code, seconds) => startFailure({code, seconds}, spool.logs),
  })
  const released = new AbortController()
  const release = (): void => {
    if (released.signal.aborted) return
    released.abort()
    run[Symbol.dispose]()
    pump.close()
    spool.close()
    // What it has open there goes over the connection.
    void Promise.resolve(tunnel?.[Symbol.asyncDispose]()).finally(() => {
      hold[Symbol.dispose]()
    })
  }
  void run.ended.then(() => tunnel?.[Symbol.asyncDispose]())
  let launch: Promise<ShimLaunch> | undefined
  const beside = {agent, services, service, launch: () => (launch ??= launchOf(agent, instance))}
  return {
    id,
    place: {host: state.host.host, pid: run.pid},
    startedAt: run.startedAt,
    endpoints: [],
    reachability: agent.reachability,
    logs: spool.logs,
    events: services.workloadEvents({
      logs: spool.logs.map((source, index) => ({source, from: from[index] ?? 0})),
      ended: run.ended,
      signal: released.signal,
    }),
    save: () => saved(id, state),
    wait: async (signal) => (await services.abortable(run.wait(), signal)).status,
    stop: async (options) => (await run.stop(options)).status,
    async destroy() {
      await Promise.race([run.removed, sleep(removalMs, undefined, {ref: false})])
      release()
      await rm(state.runDirectory, {recursive: true, force: true})
    },
    release,
    exec: (command, signal) => execBeside(command, {...beside, signal}),
    openSession: (request) => openSession(request, beside),
    ...(state.stdin && {openInput: () => openInput(instance, run, {agent, services, service})}),
    stats: (signal) => usageOf(run.found.program, instance, {agent, signal}),
    signal: (signal) => sendSignal(signal, run, {...beside, over: released.signal}),
  }
}

async function sendSignal(
  signal: NodeJS.Signals,
  {found, isOver}: RemoteRun,
  {agent, services, service, over}: Omit<Beside, 'launch'> & {readonly over: AbortSignal},
): Promise<void> {
  const {pid, tick} = found.program
  const words = [signal.slice(3), String(pid), String(tick), 'one']
  const answer = isOver ? {code: 1, text: ''} : await agent.askNow('signal', words, over)
  if (answer.code === 1) {
    throw services.error('SERVICE_NOT_RUNNING', {subject: service, reason: 'its program has just ended'})
  }
  if (answer.code !== 0) {
    const reason = `${agent.host.name} does not let ${signal} be sent to '${service}': ${answer.text.trim()}`
    throw services.error('EXECUTOR_FAILED', {subject: 'remote', reason})
  }
}

async function launchOf(agent: Hold['agent'], instance: string): Promise<ShimLaunch> {
  const {code, text} = await agent.askNow('launch', [instance], AbortSignal.timeout(removalMs))
  if (code !== 0) throw new Error('what it was started with is not there any more')
  return JSON.parse(text) as ShimLaunch
}

/** One that is over: how it ended and what it printed is kept here. */
export async function endedHandle(
  id: string,
  state: RemoteState,
  {shared, ended}: {readonly shared: Shared; readonly ended: EndedRun},
): Promise<WorkloadHandle<RemoteState>> {
  const {services, agents} = shared
  const spool = services.openSpool(spoolOf(state))
  const from = await positions(spool, false)
  const status = Promise.resolve<Ended>(ended)
  const notRunning = (): Promise<never> =>
    Promise.reject(services.error('SERVICE_NOT_RUNNING', {subject: serviceOf(id), reason: 'its program has ended'}))
  return {
    id,
    place: {host: state.host.host, pid: ended.pid},
    startedAt: ended.startedAt,
    endpoints: [],
    logs: spool.logs,
    events: services.workloadEvents({
      logs: spool.logs.map((source, index) => ({source, from: from[index] ?? 0})),
      ended: status,
    }),
    save: () => saved(id, state),
    wait: (signal): Promise<ExitStatus> => services.abortable(Promise.resolve(ended.status), signal),
    stop: () => Promise.resolve(ended.status),
    async destroy() {
      spool.close()
      if (!ended.removed) await removeLeft(state, ended, agents)
      await rm(state.runDirectory, {recursive: true, force: true})
    },
    release() {
      spool.close()
    },
    exec: notRunning,
    signal: notRunning,
    ...(state.stdin && {
      openInput: () =>
        Promise.reject(services.error('SERVICE_NO_INPUT', {subject: serviceOf(id), reason: 'its program has ended'})),
    }),
  }
}

/** The daemon died, or the link was cut, before its folder there was removed. */
async function removeLeft(state: RemoteState, ended: EndedRun, agents: Shared['agents']): Promise<void> {
  try {
    using hold = await agents.hold(state.host)
    await hold.agent.connect(AbortSignal.timeout(removalMs))
    await removeThere(hold.agent, state, ended)
  } catch {
    // A few small files of a machine that is away stay there.
  }
}

async function positions({logs}: LogSpool, fresh: boolean): Promise<readonly number[]> {
  return fresh ? logs.map(() => 0) : await Promise.all(logs.map((source) => source.end()))
}
