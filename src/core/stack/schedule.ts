import type {Clock} from '../base/clock.js'
import {messageOf} from '../base/errors.js'
import type {Log} from '../base/log.js'
import type {ScheduleDefinition, StackDefinition} from '../contract/stack.js'
import {scheduleTime, type ScheduleTime} from './schedule-time.js'

export interface TaskSchedulesOptions {
  readonly clock: Clock
  readonly log: Log
  /** A run of it goes on, or is about to begin, whoever asked for it. */
  readonly isBusy: (task: string) => boolean
  /** Resolves when no run of it goes on. */
  readonly whenIdle: (task: string) => Promise<void>
  /** Resolves when the run has ended, well or not. */
  readonly run: (task: string) => Promise<unknown>
}

/** Runs the tasks of a stack that have a schedule, while the stack is up. */
export class TaskSchedules implements Disposable {
  private readonly scheduled = new Map<string, ScheduledTask>()
  private tasks: StackDefinition['tasks'] = {}
  private active = false
  private over = false

  constructor(private readonly options: TaskSchedulesOptions) {}

  /** Takes the tasks of a definition over. A schedule that has not changed goes on. */
  update({tasks}: Pick<StackDefinition, 'tasks'>): void {
    this.tasks = tasks
    for (const [name, scheduled] of this.scheduled) {
      const {schedule} = tasks[name] ?? {}
      if (this.active && schedule && scheduled.isOf(schedule)) continue
      scheduled[Symbol.dispose]()
      this.scheduled.delete(name)
    }
    if (this.active) this.open()
  }

  /** Whether the stack is up: only then does anything run, and times count from then on. */
  setActive(active: boolean): void {
    if (active === this.active || this.over) return
    this.active = active
    this.update({tasks: this.tasks})
  }

  /** In milliseconds since the epoch; `null` while nothing is to come. */
  nextRunAt(task: string): number | null {
    return this.scheduled.get(task)?.nextAt() ?? null
  }

  [Symbol.dispose](): void {
    this.setActive(false)
    this.over = true
  }

  private open(): void {
    for (const [name, {schedule}] of Object.entries(this.tasks)) {
      if (!schedule || this.scheduled.has(name)) continue
      try {
        const time = scheduleTime(schedule, this.options.clock)
        this.scheduled.set(name, new ScheduledTask(name, schedule, time, this.options))
      } catch (error) {
        this.options.log.warn('a schedule means nothing', {task: name, error: messageOf(error)})
      }
    }
  }
}

class ScheduledTask implements Disposable {
  private timer: Disposable
  /** The run that this schedule began. */
  private running: Promise<void> | undefined
  private waiting = false
  private over = false

  constructor(
    private readonly name: string,
    private readonly schedule: ScheduleDefinition,
    private readonly time: ScheduleTime,
    private readonly options: TaskSchedulesOptions,
  ) {
    this.timer = this.arm()
  }

  isOf(schedule: ScheduleDefinition): boolean {
    return JSON.stringify(schedule) === JSON.stringify(this.schedule)
  }

  nextAt(): number | null {
    return this.time.nextAt()
  }

  [Symbol.dispose](): void {
    this.over = true
    this.timer[Symbol.dispose]()
  }

  private arm(): Disposable {
    return this.options.clock.after(this.time.waitMs(), () => {
      const due = this.time.take()
      this.timer = this.arm()
      if (due) this.begin()
    })
  }

  private begin(): void {
    const {log, isBusy} = this.options
    if (!this.running && !isBusy(this.name)) this.run()
    else if (this.schedule.overlap === 'queue') void this.runAfterwards()
    else log.info('a scheduled run was left out: the one before still goes on', {task: this.name})
  }

  private run(): void {
    this.running = this.options
      .run(this.name)
      .catch((error: unknown) => {
        this.options.log.warn('a scheduled run failed', {task: this.name, error: messageOf(error)})
      })
      .then(() => {
        this.running = undefined
      })
  }

  private async runAfterwards(): Promise<void> {
    if (this.waiting) return
    this.waiting = true
    while (!this.over && (this.running !== undefined || this.options.isBusy(this.name))) {
      await (this.running ?? this.options.whenIdle(this.name))
    }
    this.waiting = false
    if (!this.over) this.run()
  }
}
