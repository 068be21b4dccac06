import {readFileSync} from 'node:fs'
import path from 'node:path'
import {systemClock, type Clock} from '../../../src/core/base/clock.js'
import {createLog, type Log} from '../../../src/core/base/log.js'
import type {Executor} from '../../../src/core/contract/executor.js'
import type {ServiceState} from '../../../src/core/contract/service-state.js'
import type {ServiceDefinition} from '../../../src/core/contract/stack.js'
import {processExecutor} from '../../../src/core/executors/process/executor.js'
import {createProcessHost} from '../../../src/core/process/host.js'
import {runCommand} from '../../../src/core/process/run-command.js'
import {createScanner} from '../../../src/core/process/scan.js'
import type {ServiceMove} from '../../../src/core/service/move.js'
import {completeService} from '../../../src/core/service/defaults.js'
import {definitionHash} from '../../../src/core/service/prepare.js'
import {newServiceRecord, serviceKey, type ServiceRecord} from '../../../src/core/service/record.js'
import {ServiceSupervisor} from '../../../src/core/service/supervisor.js'
import type {SupervisorHost} from '../../../src/core/service/supervisor-host.js'
import {memoryStore} from '../../../src/core/store/memory-store.js'
import type {Store} from '../../../src/core/store/store.js'
import {eventually, temporaryFolder} from '../process/temporary.js'

/** The caller's environment: enough to find programs. */
export const callerEnv = {PATH: process.env['PATH'] ?? '/usr/bin:/bin'}

/** Processes that were started with a run directory below `runs`, but for their shims. */
export async function processesOf(runs: string): Promise<readonly number[]> {
  const table = await createScanner().scan()
  return [...table.processes.keys()].filter((pid) => {
    const instance = table.instanceOf(pid)
    return instance !== undefined && commandOf(pid) !== undefined && runsIn(pid, runs)
  })
}

function commandOf(pid: number): string | undefined {
  return read(`/proc/${pid}/cmdline`) || undefined
}

/** The cookie alone says which attempt, the working directory which test. */
function runsIn(pid: number, runs: string): boolean {
  const folder = path.dirname(runs)
  return read(`/proc/${pid}/environ`).split('\0').includes(`PWD=${folder}`)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Keeps what went wrong in the background, so that a test can look. */
export function troubleLog(): {readonly log: Log; readonly troubles: string[]} {
  const troubles: string[] = []
  return {troubles, log: createLog({clock: systemClock, level: 'warn', write: (line) => troubles.push(line)})}
}

/** Supervisors with real processes over a store that outlives them; nothing runs afterwards. */
export function workbench(
  options: {readonly clock?: Clock; readonly store?: Store; readonly executor?: Executor} = {},
) {
  const folder = temporaryFolder()
  const runs = path.join(folder.path, 'runs')
  const store = options.store ?? memoryStore()
  const {log, troubles} = troubleLog()
  const moves: ServiceMove[] = []
  const open = new Set<ServiceSupervisor>()
  const executor = options.executor ?? processExecutor({} as never, createProcessHost())
  const host: SupervisorHost = {
    stack: {id: 'demo', directory: folder.path},
    runsDirectory: runs,
    clock: options.clock ?? systemClock,
    log,
    store,
    executor: () => executor,
    layer: () => undefined,
    endpointsOf: () => undefined,
    callerEnv: () => callerEnv,
    fill: (template) => template,
    surroundings: () => ({nodes: {}}),
    fillProbe: (probe) => probe,
    hostExec: (command, signal) => runCommand({...command, env: {...callerEnv, ...command.env}}, signal),
    onMove: (move) => moves.push(move),
  }
  return {
    folder: folder.path,
    store,
    host,
    moves,
    troubles,
    /** `Starting Running Stopped`: what it has gone through. */
    path: (name = 'api') =>
      moves
        .filter(({service}) => service === name)
        .map(({to}) => to)
        .join(' '),
    /** As a daemon makes it: with the record that the store has. */
    supervisor(definition: ServiceDefinition, name = 'api'): ServiceSupervisor {
      const {target} = definition
      if (!target) throw new Error('A test service needs a target.')
      const record =
        (store.get(serviceKey('demo', name)) as ServiceRecord | undefined) ?? newServiceRecord(host.clock.now())
      const complete = completeService({...definition, target})
      const service = {
        name,
        definition: complete,
        endpoints: [],
        group: name,
        replica: 1,
        hash: definitionHash(complete),
      }
      const supervisor = new ServiceSupervisor(host, service, record)
      open.add(supervisor)
      return supervisor
    },
    /** The daemon ends: the supervisor lets go, the workload goes on. */
    async letGo(supervisor: ServiceSupervisor): Promise<void> {
      await supervisor.close()
      open.delete(supervisor)
    },
    left: () => processesOf(runs),
    async [Symbol.asyncDispose]() {
      for (const supervisor of open) await supervisor.close()
      await eventually(async () => {
        const left = await processesOf(runs)
        for (const pid of left) kill(pid)
        return left.length === 0
      })
      await removed(folder)
    },
  }
}

/** The last words of a shim may still come in while its folder is removed. */
export async function removed(folder: Disposable): Promise<void> {
  await eventually(() => {
    try {
      folder[Symbol.dispose]()
      return true
    } catch {
      return false
    }
  })
}

export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch {
    return
  }
}

export function reaches(supervisor: ServiceSupervisor, state: ServiceState): Promise<true> {
  return eventually(() => supervisor.record.state === state)
}

/** Wanted and launched; not yet ready. */
export async function up(supervisor: ServiceSupervisor): Promise<ServiceSupervisor> {
  await supervisor.want(null)
  await supervisor.start()
  return supervisor
}
