import {once} from 'node:events'
import {rm} from 'node:fs/promises'
import type {
  ExitStatus,
  LogSpool,
  PluginServices,
  StartRequest,
  StopOptions,
  WorkloadHandle,
} from '@service-harness/cli/plugin'
import {abortable} from './abortable.js'
import type {Child} from './output.js'
import {saved, type State} from './state.js'
import {endAll} from './strays.js'

export interface Running {
  readonly child: Child
  readonly request: StartRequest
  readonly spool: LogSpool
}

/** A script that runs, as the host handles it. */
export function openHandle(running: Running, services: PluginServices): WorkloadHandle<State> {
  const {child, request, spool} = running
  const released = new AbortController()
  const ended = endOf(running)
  return {
    id: request.id,
    place: child.pid === undefined ? {} : {pid: child.pid},
    startedAt: Date.now(),
    endpoints: [],
    logs: spool.logs,
    events: services.workloadEvents({
      logs: spool.logs.map((source) => ({source, from: 0})),
      ended,
      signal: released.signal,
    }),
    isAlive: () => runs(child),
    save: () => saved(request),
    wait: async (signal) => (await abortable(ended, signal)).status,
    stop: (options) => stop(child, ended, options),
    async signal(signal) {
      await Promise.resolve()
      if (!child.kill(signal)) throw services.error('SERVICE_NOT_RUNNING', {subject: request.service})
    },
    destroy: () => rm(request.runDirectory, {recursive: true, force: true}),
    release() {
      released.abort()
    },
  }
}

interface End {
  readonly status: ExitStatus
  /** In milliseconds since the epoch. */
  readonly at: number
}

/** The end of the script, once what it left behind is gone and all that was printed is kept. */
async function endOf({child, request, spool}: Running): Promise<End> {
  const closed = once(child, 'close')
  const [code, signal] = (await once(child, 'exit')) as [number, null] | [null, NodeJS.Signals]
  const at = Date.now()
  await endAll(request.instance)
  await closed
  spool.close()
  return {status: signal === null ? {by: 'code', code} : {by: 'signal', signal}, at}
}

/** Each call forces after its own grace: whoever is in a hurry asks again. */
async function stop(
  child: Child,
  ended: Promise<End>,
  {graceMs, signal = 'SIGTERM'}: StopOptions,
): Promise<ExitStatus> {
  signalGroup(child, signal)
  const force = setTimeout(() => {
    signalGroup(child, 'SIGKILL')
  }, graceMs)
  try {
    return (await ended).status
  } finally {
    clearTimeout(force)
  }
}

/** Nothing after the end: the number may be another's by then. */
function signalGroup(child: Child, signal: NodeJS.Signals): void {
  if (child.pid === undefined || !runs(child)) return
  process.kill(-child.pid, signal)
}

function runs({exitCode, signalCode}: Child): boolean {
  return exitCode === null && signalCode === null
}
