import {abortReason} from '../base/clock.js'
import {withDeadline} from '../base/deadline.js'
import {formatDuration} from '../base/duration.js'
import {HarnessError, isHarnessError, messageOf} from '../base/errors.js'
import {fitFilled} from '../config/fit-filled.js'
import type {TaskType} from '../contract/task-type.js'
import type {WorkloadHandle} from '../contract/workload.js'
import {whyComplete} from './task-completeness.js'
import {endAttempt, withLeftover} from './task-ending.js'
import {unfoundAttempt, type TaskRecord} from './task-record.js'
import {nextTry, whyFailed} from './task-retry.js'
import {TaskTry, type TaskTryOptions} from './task-try.js'

export interface TaskRunOptions extends Omit<TaskTryOptions, 'type'> {
  /** Aborts when the run is taken back. */
  readonly signal: AbortSignal
  /** Somebody asked meanwhile that it be run even though it is complete. */
  readonly forced: () => boolean
  /** As `save`, for what has happened: a full disk is waited for. */
  readonly saveEnd: (fields: Partial<TaskRecord>) => Promise<void>
  /** As `save`, and the workload of the try before is one of the earlier ones from then on. */
  readonly saveAside: (fields: Partial<TaskRecord>) => Promise<void>
  /** It is journalled that it will be tried again. */
  readonly onRetry: () => void
}

/** What ended while no daemon was there is given this long to be found, when its time is over. */
const findMs = 5000

/** What is done for one request: the checks whether there is anything to do, then as many tries as it takes. */
export class TaskRun {
  private attempt: TaskTry | undefined

  constructor(private readonly options: TaskRunOptions) {}

  /** What runs now, while something does. */
  get handle(): WorkloadHandle | undefined {
    return this.attempt?.handle
  }

  release(): void {
    this.attempt?.release()
  }

  /** Resolves when the task is Skipped or has Succeeded. Rejects with why the last try failed. */
  async carryOut(): Promise<void> {
    const {saveEnd} = this.options
    const {type, input} = await this.typeAndInput()
    const complete = await this.whyComplete(type, input)
    if (complete === undefined) await this.tryUntilDone(type, input)
    else await saveEnd({state: 'Skipped', desired: 'down', reason: complete})
  }

  /** Where a try that an earlier daemon began cannot go on for want of these, what it started is not left alone. */
  private async typeAndInput(): Promise<{readonly type: TaskType; readonly input: unknown}> {
    const {host, definition, closing} = this.options
    try {
      const type = host.taskType(definition.taskType)
      return {type, input: this.input(type)}
    } catch (error) {
      if (!closing()) await this.endUnfound(error)
      throw error
    }
  }

  private async endUnfound(why: unknown): Promise<void> {
    const {host, record, definition, hurry} = this.options
    const unfound = unfoundAttempt(record())
    if (!unfound) return
    try {
      await endAttempt(unfound, host, {graceMs: definition.graceMs, hurry})
    } catch (error) {
      throw this.leftBehind(why, error)
    }
  }

  /** References filled in, as the type's schema wants it. */
  private input({input: schema}: TaskType): unknown {
    const {host, name, definition} = this.options
    const {input: template} = definition
    const filled = host.fill(template, [])
    return fitFilled(schema, {template, filled, subject: name, place: `${name}.input`})
  }

  /** `undefined`: it has to run. A run that goes on has been asked before. */
  private async whyComplete(type: TaskType, input: unknown): Promise<string | undefined> {
    const {host, definition, name, record, forced} = this.options
    const {state, force, env} = record()
    if (state === 'Running' || force) return undefined
    const refuse = (): never => {
      throw this.failed('isComplete must not launch the target')
    }
    const reason = await withDeadline((limit) => {
      const context = {...new TaskTry({...this.options, type}).context(limit), launch: refuse, outputs: refuse}
      return whyComplete({name, definition, host, callerEnv: host.callerEnv(env), type, input, context})
    }, this.limit(definition.timeoutMs))
    return forced() ? undefined : reason
  }

  private async tryUntilDone(type: TaskType, input: unknown): Promise<void> {
    const {saveEnd, closing, host, definition, record, onRetry} = this.options
    for (;;) {
      await this.beginTry()
      const attempt = new TaskTry({...this.options, type})
      this.attempt = attempt
      try {
        const outputs = await withDeadline((limit) => attempt.run(input, limit), this.limit(this.timeLeft()))
        await attempt.drain(this.options.signal)
        await saveEnd({state: 'Succeeded', desired: 'down', reason: null, outputs, exit: attempt.exit})
        return
      } catch (error) {
        if (closing()) throw error
        const left = await this.end(attempt)
        const why = {error, now: host.clock.now()}
        // Another try must not begin beside what is left of this one.
        const hopeless = left !== undefined || this.isHopeless(error)
        const again = hopeless ? undefined : nextTry(definition.retry, record(), why)
        await saveEnd({exit: attempt.exit, ...again})
        if (!again) throw left ? this.leftBehind(error, left.error) : error
        onRetry()
      } finally {
        attempt.release()
        this.attempt = undefined
      }
    }
  }

  /** Journals the try that is about to begin, after the wait for it. One that an earlier daemon began goes on. */
  private async beginTry(): Promise<void> {
    const {host, record, definition, signal, save, saveAside} = this.options
    const {state, retryAt, tries} = record()
    if (state === 'Running' && retryAt === null) return
    const {maxDelayMs, jitter, retries} = definition.retry
    if (retryAt !== null) {
      // The clock may have been set back meanwhile.
      await host.clock.sleep(Math.min(retryAt - host.clock.now(), maxDelayMs * (1 + jitter)), signal)
    }
    if (signal.aborted) throw abortReason(signal)
    const reason = tries === 0 ? null : `try ${tries + 1} of ${retries + 1}`
    const begun = {state: 'Running', tries: tries + 1, retryAt: null, reason, exit: null} as const
    await (retryAt === null ? save(begun) : saveAside(begun))
  }

  /** Answers why it could not be ended, where it could not. */
  private async end(attempt: TaskTry): Promise<{readonly error: unknown} | undefined> {
    const {host, name, signal} = this.options
    try {
      await attempt.end()
    } catch (error) {
      host.log.error('a task could not be ended', {task: name, error: messageOf(error)})
      return {error}
    }
    await attempt.drain(signal)
    return undefined
  }

  /** It was stopped, or its state cannot be written: trying again changes nothing. */
  private isHopeless(error: unknown): boolean {
    return this.options.signal.aborted || (isHarnessError(error) && error.code === 'STATE_WRITE_FAILED')
  }

  /** The time of one try counts from its beginning, also over a restart of the daemon. */
  private timeLeft(): number {
    const {definition, record, host} = this.options
    const {timeoutMs} = definition
    const {current} = record()
    if (!current) return timeoutMs
    const age = Math.max(0, host.clock.now() - current.startedAt)
    return Math.max(timeoutMs - age, Math.min(timeoutMs, findMs))
  }

  private limit(ms: number): Parameters<typeof withDeadline>[1] {
    const {host, definition, signal} = this.options
    const onTimeout = (): Error => this.failed(`not done after ${formatDuration(definition.timeoutMs)}`)
    return {clock: host.clock, ms, signal, onTimeout}
  }

  private leftBehind(why: unknown, error: unknown): HarnessError {
    return this.failed(withLeftover(whyFailed(why), error))
  }

  private failed(reason: string): HarnessError {
    return new HarnessError('TASK_FAILED', {subject: this.options.name, reason})
  }
}
