import {rm} from 'node:fs/promises'
import type {ExitStatus, PluginServices, WorkloadHandle} from '@service-harness/cli/plugin'
import type {Hold} from '../agent/agents.js'
import type {Ended} from '../remote/ended.js'
import {timeOf} from '../remote/run-record.js'
import {serviceOf} from '../remote/state.js'
import {openAgain} from '../tunnel/tunnel.js'
import {savedAttached, type AttachState} from './state.js'

interface Attaching {
  readonly id: string
  readonly state: AttachState
  readonly process: NonNullable<AttachState['process']>
  /** Seconds since the boot there. */
  readonly now: number
  readonly hold: Hold
}

const ticksPerSecond = 100
const gone = lost('it was not started by harness, so its exit code is not known')

/** A process of someone else on another machine: watched, never signalled. The hold is its own from now on. */
export function attachHandle(
  {id, state, process, now, hold}: Attaching,
  services: PluginServices,
): WorkloadHandle<AttachState> {
  const {agent, backs} = hold
  const {pid, tick} = process
  // What it was to be given of this machine it does not know: it ran before.
  const carried = state.tunnel && {...state.tunnel, back: []}
  const tunnel = carried && openAgain(carried, {host: agent.host, backs, services, service: serviceOf(id)})
  const released = new AbortController()
  let settle: (ended: Ended) => void = () => undefined
  const ended = new Promise<Ended>((resolve) => {
    settle = resolve
  })
  const watching = agent.watch(`${pid}-${tick}`, `${pid} ${tick} - -`, {
    died: () => {
      finish(gone)
    },
  })
  const finish = (status: ExitStatus): void => {
    watching[Symbol.dispose]()
    void tunnel?.[Symbol.asyncDispose]()
    settle({status, at: Date.now()})
  }
  const release = (): void => {
    released.abort()
    watching[Symbol.dispose]()
    void tunnel?.[Symbol.asyncDispose]()
    hold[Symbol.dispose]()
  }
  return {
    id,
    place: {host: state.host.host, pid},
    startedAt: timeOf(tick / ticksPerSecond, now),
    endpoints: [],
    reachability: agent.reachability,
    events: services.workloadEvents({logs: [], ended, signal: released.signal}),
    logs: [],
    save: () => savedAttached(id, state),
    wait: async (signal) => (await services.abortable(ended, signal)).status,
    async stop() {
      finish(lost('harness let go of it'))
      return (await ended).status
    },
    async destroy() {
      release()
      await rm(state.runDirectory, {recursive: true, force: true})
    },
    release,
  }
}

/** One that has ended while nobody watched. */
export function goneHandle(id: string, state: AttachState, services: PluginServices): WorkloadHandle<AttachState> {
  const {process, host, runDirectory} = state
  const ended = Promise.resolve<Ended>({status: gone, at: Date.now()})
  return {
    id,
    place: {host: host.host, ...(process && {pid: process.pid})},
    startedAt: Date.now(),
    endpoints: [],
    events: services.workloadEvents({logs: [], ended}),
    logs: [],
    save: () => savedAttached(id, state),
    wait: (signal) => services.abortable(Promise.resolve(gone), signal),
    stop: () => Promise.resolve(gone),
    destroy: () => rm(runDirectory, {recursive: true, force: true}),
    release: () => undefined,
  }
}

function lost(reason: string): ExitStatus {
  return {by: 'lost', reason}
}
