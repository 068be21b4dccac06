import {isoTime} from '../base/clock.js'
import {HarnessError, isHarnessError, messageOf} from '../base/errors.js'
import {SerialQueue} from '../base/serial-queue.js'
import type {TaskDefinition} from '../contract/stack.js'
import type {BlockedBy, TaskStatus} from '../contract/status.js'
import type {WorkloadHandle} from '../contract/workload.js'
import type {TaskView} from '../service/conditions.js'
import {splitAttempts, toJson} from '../service/record.js'
import type {StepResult} from '../service/plan.js'
import type {PlanNode} from '../service/run-plan.js'
import {mayBeWrittenLater, writeAgainMs} from '../store/write-failed.js'
import {discardAttempts} from './task-discard.js'
import type {TaskHost, TaskListener} from './task-host.js'
import {endAttempt, withLeftover} from './task-ending.js'
import {taskKey, unfoundAttempt, type TaskRecord} from './task-record.js'
import {whyFailed, whyGivenUp} from './task-retry.js'
import {TaskRun} from './task-run.js'

/** One task of a stack: the only writer of its record. Runs it at most once per request and try. */
export class TaskRunner implements PlanNode {
  private readonly queue = new SerialQueue()
  private readonly watchers = new Set<() => void>()
  private readonly listeners = new Set<TaskListener>()
  private controller = new AbortController()
  /** Aborted once what runs may not take its time any more. A new run has a new one. */
  private grace = new AbortController()
  /** Of the run under way. */
  private underWay: AbortSignal | undefined
  private forceJoined = false
  private taskRun: TaskRun | undefined
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
    return this.taskRun?.handle
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
    const next = this.host.nextRunAt(this.name)
    return {
      name: this.name,
      state,
      outputs,
      reason,
      since: isoTime(since),
      exit,
      waitsFor: this.waits,
      nextRunAt: next === null ? null : isoTime(next),
    }
  }

  onChange(watcher: () => void): Disposable {
    return memberOf(this.watchers, watcher)
  }

  /** Hears what it says from now on. */
  onEvent(listener: TaskListener): Disposable {
    return memberOf(this.listeners, listener)
  }

  wanted(): AbortSignal {
    return this.controller.signal
  }

  /** From now on it is to run, unless the signal aborts; `want` journals it. */
  wanting(): AbortSignal {
    if (this.controller.signal.aborted) this.controller = new AbortController()
    return this.controller.signal
  }

  /**
   * Journals that the task is to run, before anything is done for it. A run that is under way is joined. A request that comes again, perhaps
   * to another daemon than before, has its run, or had it.
   */
  want(env: string | null, force = false, request: string | null = null): Promise<void> {
    this.wanting()
    if (this.underWay?.aborted === false) {
      this.forceJoined ||= force
      return Promise.resolve()
    }
    return this.queue.run(() => {
      // After a restart of the daemon, and not resumed yet.
      if (this.current.state === 'Running' && this.current.desired === 'up') return
      if (request !== null && this.current.request === request) return
      this.grace = new AbortController()
      const fresh = {reason: null, blockedBy: null, exit: null, failure: null, tries: 0, retryAt: null}
      return this.saveAside({...fresh, state: 'Pending', desired: 'up', env, force, request})
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
      const reason = await this.endUnfound(by.reason)
      await this.save({state: 'Blocked', desired: 'down', blockedBy: by, reason, failure})
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
      if (this.closed || this.current.desired !== 'up') return
      await this.save({state: 'Failed', desired: 'down', reason: await this.endUnfound('it was stopped')})
    })
  }

  /** The end that is under way, and every one until it is asked for again, is forced at once. Not a job of the queue. */
  hurry(): void {
    this.grace.abort()
  }

  async close(): Promise<void> {
    this.closed = true
    this.controller.abort(new Error('the daemon ends'))
    await this.queue.idle()
    this.taskRun?.release()
  }

  private async run(): Promise<void> {
    const {signal} = this.controller
    const forced = (): boolean => this.forceJoined
    this.forceJoined = false
    this.underWay = signal
    this.taskRun = this.newRun(signal, forced)
    try {
      await this.taskRun.carryOut()
    } catch (error) {
      if (this.closed) return
      const code = isHarnessError(error) ? error.code : 'TASK_FAILED'
      await this.saveEnd(signal, {
        state: 'Failed',
        desired: 'down',
        retryAt: null,
        reason: signal.aborted ? whyFailed(error) : whyGivenUp(error, this.current),
        failure: {code: code === 'CANCELLED' ? 'TASK_FAILED' : code, hint: null},
      })
    } finally {
      this.underWay = undefined
      this.taskRun = undefined
    }
  }

  /** Nothing is left of a run that an earlier daemon began and that is not to go on. Answers the reason with which it ends. */
  private async endUnfound(reason: string): Promise<string> {
    const unfound = unfoundAttempt(this.current)
    if (!unfound) return reason
    const {graceMs} = this.definition
    try {
      await endAttempt(unfound, this.host, {graceMs, hurry: this.grace.signal})
      return reason
    } catch (error) {
      this.host.log.error('a task could not be ended', {task: this.name, error: messageOf(error)})
      return withLeftover(reason, error)
    }
  }

  private newRun(signal: AbortSignal, forced: () => boolean): TaskRun {
    const {host, name, definition} = this
    return new TaskRun({
      host,
      name,
      definition,
      signal,
      forced,
      hurry: this.grace.signal,
      record: () => this.current,
      save: (fields) => this.save(fields),
      saveEnd: (fields) => this.saveEnd(signal, fields),
      saveAside: (fields) => this.saveAside(fields),
      closing: () => this.closed,
      onLaunched: () => {
        this.notify()
      },
      onRetry: () => {
        host.onMove(name, this.status())
      },
      emit: (event) => {
        host.onEvent(name, event)
        for (const listener of this.listeners) listener.onEvent(event)
      },
      room: async () => {
        for (const listener of this.listeners) await listener.room?.()
      },
    })
  }

  /** Makes room for a new workload: the logs of the last ones are kept. */
  private async saveAside(fields: Partial<TaskRecord>): Promise<void> {
    const {kept, surplus} = splitAttempts(this.current)
    await this.save({...fields, current: null, earlier: kept})
    discardAttempts(this.name, surplus, this.host)
  }

  /** What has happened is written when there is room for it, unless the signal aborts before. Until then the run is under way. */
  private async saveEnd(signal: AbortSignal, fields: Partial<TaskRecord>): Promise<void> {
    const {clock, log} = this.host
    for (let refused = false; ; refused = true) {
      try {
        await this.save(fields)
        return
      } catch (error) {
        if (signal.aborted || !mayBeWrittenLater(error)) throw error
        if (!refused) log.error('the end of a task could not be written', {task: this.name, error: messageOf(error)})
      }
      await clock.sleep(writeAgainMs, signal)
    }
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
    for (const watcher of this.watchers) watcher()
  }
}

function memberOf<T>(set: Set<T>, member: T): Disposable {
  set.add(member)
  return {
    [Symbol.dispose]: () => {
      set.delete(member)
    },
  }
}
