import {createChannel} from '../core/base/channel.js'
import type {ExitStatus} from '../core/contract/command.js'
import type {Executor, StartRequest} from '../core/contract/executor.js'
import type {EngineHealth, ExecResult, Observable, WorkloadHandle} from '../core/contract/workload.js'

/** A value that a test changes. */
export class Changeable<Value> implements Observable<Value> {
  /** Who hears of changes now: empty at the end of a test that leaks nothing. */
  readonly listeners = new Set<() => void>()

  /** `current`: what it is at first. */
  constructor(public current: Value) {}

  /** Changes it, and tells every listener before it returns. */
  set(value: Value): void {
    this.current = value
    for (const listener of [...this.listeners]) listener()
  }

  onChange(listener: () => void): Disposable {
    this.listeners.add(listener)
    return {
      [Symbol.dispose]: () => {
        this.listeners.delete(listener)
      },
    }
  }
}

/** A workload that is not there: a test says how it is, and when it ends. */
export class ScriptedWorkload {
  /** Whether its engine answers. */
  readonly reachability = new Changeable<'known' | 'unknown'>('known')
  /** How `exec` answers. */
  exec: () => Promise<ExecResult> = () => Promise.resolve({status: {by: 'code', code: 0}, stdout: '', stderr: ''})
  private resolve: (status: ExitStatus) => void = () => undefined
  private readonly ended = new Promise<ExitStatus>((resolve) => {
    this.resolve = resolve
  })

  /** One that began at this time, with or without a health check of its own. */
  constructor(
    /** Milliseconds since the epoch. */
    readonly startedAt: number = Date.now(),
    /** Its own health check, where it has one. */
    readonly health?: Changeable<EngineHealth>,
  ) {}

  /** The workload ends by itself. Only the first call counts. */
  end(status: ExitStatus): void {
    this.resolve(status)
  }

  /** As an executor would answer it; a new one each time, for the same workload. */
  handle(id = 'demo/api/1'): WorkloadHandle {
    return {
      id,
      place: {container: 'scripted'},
      startedAt: this.startedAt,
      endpoints: [],
      reachability: this.reachability,
      ...(this.health && {health: this.health}),
      events: createChannel<never>().stream,
      logs: [],
      save: () => ({executor: 'process', version: 1, id, state: {}}),
      wait: (signal) =>
        new Promise((resolve, reject) => {
          void this.ended.then(resolve)
          signal?.addEventListener('abort', () => {
            reject(signal.reason as Error)
          })
        }),
      stop: () => {
        this.end({by: 'signal', signal: 'SIGTERM'})
        return this.ended
      },
      destroy: () => Promise.resolve(),
      release: () => undefined,
      exec: () => this.exec(),
    }
  }
}

/** An executor that runs nothing: it hands out what the test makes of each request, and finds the last of them again. */
export function scriptedExecutor(workload: (request: StartRequest) => ScriptedWorkload, kind = 'process'): Executor {
  const saved = (id: string) => ({executor: kind, version: 1, id, state: {}})
  const handleOf = (scripted: ScriptedWorkload, id: string): WorkloadHandle => ({
    ...scripted.handle(id),
    save: () => saved(id),
  })
  let last: ScriptedWorkload | undefined
  return {
    kind,
    capabilities: {exec: true, signal: false, recover: true, ownership: 'managed', local: false, hostPorts: true},
    specSchema: {type: 'object'},
    handleVersion: 1,
    fingerprint: () => Promise.resolve({health: 'healthy', description: 'scripted', attributes: {}}),
    intent: ({id}) => saved(id),
    start(request) {
      last = workload(request)
      return Promise.resolve(handleOf(last, request.id))
    },
    recover: ({id}) => Promise.resolve(last && handleOf(last, id)),
  }
}
