import {abortReason, isoTime} from '../base/clock.js'
import {withDeadline} from '../base/deadline.js'
import {formatDuration} from '../base/duration.js'
import {HarnessError, isHarnessError, messageOf} from '../base/errors.js'
import type {Json} from '../base/json.js'
import {SerialQueue} from '../base/serial-queue.js'
import {fitFilled} from '../config/fit-filled.js'
import type {TaskDefinition} from '../contract/stack.js'
import type {BlockedBy, TaskStatus} from '../contract/status.js'
import type {TaskContext, TaskType} from '../contract/task-type.js'
import type {WorkloadHandle} from '../contract/workload.js'
import type {TaskView} from '../service/conditions.js'
import {exitReport} from '../service/exit-report.js'
import {findWorkload} from '../service/find-workload.js'
import {definitionHash, prepareAttempt} from '../service/prepare.js'
import {keptAttempts, toJson} from '../service/record.js'
import type {StepResult} from '../service/plan.js'
import type {PlanNode} from '../service/run-plan.js'
import type {SupervisorHost} from '../service/supervisor-host.js'
import {stackContext} from '../service/stack-context.js'
import {taskKey, type TaskRecord} from './task-record.js'

export interface TaskHost extends Omit<SupervisorHost, 'onMove'> {
  /** Throws when no plugin brings it. */
  readonly taskType: (type: string) => TaskType
  readonly onMove: (task: string, status: TaskStatus) => void
}

/** One task of a stack: the only writer of its record. Runs it at most once per request. */
export class TaskRunner implements PlanNode {
  private readonly queue = new SerialQueue()
  private readonly listeners = new Set<() => void>()
  private controller = new AbortController()
  private running: WorkloadHandle | undefined
  private exit: TaskRecord['exit'] = null
  private waits: readonly string[] = []
  private closed = false

  constructor(
    private readonly host: TaskHost,
    readonly name: string,
    private definition: TaskDefinition,
    private current: TaskRecord,
  ) {}

  get record(): TaskRecord {
    return this.current
  }

  /** What runs now, while something does. */
  get handle(): WorkloadHandle | undefined {
    return this.running
  }

  redefine(definition: TaskDefinition): void {
    this.definition = definition
  }

  view(): TaskView {
    const {state, reason, blockedBy} = this.current
    return {kind: 'task', state, reason, blockedBy}
  }

  status(): TaskStatus {
    const {state, outputs, reason, since, exit} = this.current
    return {name: this.name, state, outputs, reason, since: isoTime(since), exit, waitsFor: this.waits}
  }

  onChange(listener: () => void): Disposable {
    this.listeners.add(listener)
    return {
      [Symbol.dispose]: () => {
        this.listeners.delete(listener)
      },
    }
  }

  wanted(): AbortSignal {
    return this.controller.signal
  }

  /** Journals that the task is to run, before anything is done for it. A run that is under way is joined. */
  want(env: string | null, force = false): Promise<void> {
    if (this.controller.signal.aborted) this.controller = new AbortController()
    if (this.current.state === 'Running') return Promise.resolve()
    return this.queue.run(() => {
      const {earlier, current} = this.current
      const all = current ? [...earlier, current] : earlier
      const fresh = {reason: null, blockedBy: null, exit: null, failure: null, current: null}
      return this.save({...fresh, state: 'Pending', desired: 'up', env, force, earlier: all.slice(-(keptAttempts - 1))})
    })
  }

  waitFor(names: readonly string[]): void {
    this.waits = names
    this.notify()
  }

  /** Notes why it cannot run. Changes nothing once it has an end. */
  block(by: BlockedBy): Promise<void> {
    const failure = {code: 'TASK_BLOCKED', hint: null} as const
    return this.queue.run(async () => {
      if (this.closed || this.current.desired !== 'up') return
      await this.save({state: 'Blocked', desired: 'down', blockedBy: by, reason: by.reason, failure})
    })
  }

  /** Resolves when the task has ended, one way or another (see `view`). */
  act(): Promise<StepResult> {
    return this.queue.run(async () => {
      if (this.closed) return 'cancelled'
      if (this.current.desired === 'up') await this.run()
      return 'acted'
    })
  }

  /** Ends a run that is under way, or keeps a waiting one from beginning. Resolves when nothing of it is left. */
  async cancel(): Promise<void> {
    if (this.current.desired !== 'up') return
    this.controller.abort(
      new HarnessError('CANCELLED', {subject: `task ${this.name}`, reason: 'the stack was stopped'}),
    )
    await this.queue.run(async () => {
      if (this.current.desired === 'up') await this.save({state: 'Failed', desired: 'down', reason: 'it was stopped'})
    })
  }

  async close(): Promise<void> {
    this.closed = true
    this.controller.abort(new Error('the daemon ends'))
    await this.queue.idle()
    this.running?.release()
  }

  private async run(): Promise<void> {
    const signal = this.controller.signal
    this.exit = null
    try {
      const type = this.host.taskType(this.definition.taskType)
      const {timeoutMs, input: template} = this.definition
      const filled = this.host.fill(template, [])
      const input = fitFilled(type.input, {template, filled, subject: this.name, place: `${this.name}.input`})
      const result = await withDeadline((limit) => this.runType(type, input, limit), {
        clock: this.host.clock,
        ms: timeoutMs,
        signal,
        onTimeout: () => this.failed(`not done after ${formatDuration(timeoutMs)}`),
      })
      await this.save({...result, desired: 'down', reason: null, exit: this.exit})
    } catch (error) {
      if (this.closed) return
      await this.running?.stop({graceMs: this.definition.graceMs})
      const code = isHarnessError(error) ? error.code : 'TASK_FAILED'
      const reason = isHarnessError(error) ? (error.reason ?? error.message) : messageOf(error)
      await this.save({
        state: 'Failed',
        desired: 'down',
        exit: this.exit,
        reason: reason.replace(/\.$/, ''),
        failure: {code: code === 'CANCELLED' ? 'TASK_FAILED' : code, hint: null},
      })
    } finally {
      this.running?.release()
      this.running = undefined
    }
  }

  private async runType(type: TaskType, input: unknown, signal: AbortSignal): Promise<Partial<TaskRecord>> {
    const context = this.context(signal)
    const resumed = this.current.state === 'Running'
    if (!resumed && !this.current.force && (await type.isComplete?.(input, context))) return {state: 'Skipped'}
    if (signal.aborted) throw abortReason(signal)
    if (!resumed) await this.save({state: 'Running'})
    const outputs = await type.run(input, context)
    return {state: 'Succeeded', outputs: (outputs ?? null) as Json}
  }

  private context(signal: AbortSignal): TaskContext {
    const {host} = this
    return {
      ...stackContext(host, signal, (reason) => this.failed(reason)),
      emit: () => {
        this.notify()
      },
      launch: () => this.launch(signal),
    }
  }

  /** Starts the target, or finds the one that an earlier daemon started for the same run. */
  private async launch(signal: AbortSignal): Promise<WorkloadHandle> {
    const {host, definition, current} = this
    const {target} = definition
    if (!target) throw this.failed('it has no target to run')
    const executor = host.executor(target.type)
    const again = current.current && (await findWorkload(executor, current.current.saved, host.clock))
    const handle = again ?? (await this.startTarget(executor, {...definition, target, ports: []}, signal))
    // The run has been given up meanwhile and did not see this one: nothing else would end it.
    if (signal.aborted) return this.abandon(handle, signal)
    this.running = handle
    this.notify()
    handle.wait(signal).then(
      (status) => {
        this.exit = exitReport(status, host.clock.now())
      },
      () => undefined,
    )
    return handle
  }

  private async startTarget(
    executor: ReturnType<TaskHost['executor']>,
    definition: Parameters<typeof prepareAttempt>[0]['definition'],
    signal: AbortSignal,
  ): Promise<WorkloadHandle> {
    const {host, current} = this
    const attempt = current.attempt + 1
    const prepared = await prepareAttempt({
      stack: host.stack,
      name: this.name,
      attempt,
      definition,
      executor,
      callerEnv: host.callerEnv(current.env),
      keptPorts: {},
      runsDirectory: host.runsDirectory,
      fill: host.fill,
      now: host.clock.now(),
      hash: definitionHash(this.definition),
    })
    await this.save({attempt, current: prepared.record})
    await prepared[Symbol.asyncDispose]()
    return executor.start(prepared.request, {signal, progress: () => undefined})
  }

  private async abandon(handle: WorkloadHandle, signal: AbortSignal): Promise<never> {
    if (!this.closed) await handle.stop({graceMs: this.definition.graceMs})
    handle.release()
    throw abortReason(signal)
  }

  private failed(reason: string): HarnessError {
    return new HarnessError('TASK_FAILED', {subject: this.name, reason})
  }

  /** Every call comes from the queue or from the run it holds, so none overtakes another. */
  private async save(fields: Partial<TaskRecord>): Promise<void> {
    const moved = fields.state !== undefined && fields.state !== this.current.state
    const record = {...this.current, ...fields, ...(moved ? {since: this.host.clock.now()} : {})}
    await this.host.store.commit([{key: taskKey(this.host.stack.id, this.name), value: toJson(record)}])
    this.current = record
    this.notify()
    if (moved) this.host.onMove(this.name, this.status())
  }

  private notify(): void {
    for (const listener of this.listeners) listener()
  }
}
