import {HarnessError} from '../base/errors.js'
import type {Json} from '../base/json.js'
import type {StackDefinition} from '../contract/stack.js'
import type {Observed} from '../service/plan.js'
import type {Store} from '../store/store.js'
import type {TaskHost} from './task-host.js'
import {newTaskRecord, taskKey, type TaskRecord} from './task-record.js'
import {TaskRunner} from './task-runner.js'

/** The one-time work of one stack. */
export class TaskStack {
  private readonly runners = new Map<string, TaskRunner>()

  constructor(
    private readonly store: Store,
    private readonly hostFor: (task: string) => TaskHost,
  ) {}

  /** A task that is not in the definition any more goes on until it has its end. `removed`: such tasks of before. */
  define(definition: StackDefinition, removed: StackDefinition['tasks'] = {}): void {
    for (const [name, task] of Object.entries({...definition.tasks, ...removed})) {
      const known = this.runners.get(name)
      if (known) known.redefine(task)
      else this.runners.set(name, new TaskRunner(this.hostFor(name), name, task, this.recordOf(name)))
    }
    for (const [name, {record}] of this.runners) {
      const gone = !Object.hasOwn(definition.tasks, name)
      if (gone && record.desired === 'down') this.runners.delete(name)
    }
  }

  all(): readonly TaskRunner[] {
    return [...this.runners.values()]
  }

  has(name: string): boolean {
    return this.runners.has(name)
  }

  /** TASK_UNKNOWN for a name that the stack does not have. */
  get(name: string): TaskRunner {
    const runner = this.runners.get(name)
    if (runner) return runner
    const reason = `expected one of ${[...this.runners.keys()].join(', ') || 'none: the stack has no task'}`
    throw new HarnessError('TASK_UNKNOWN', {subject: name, reason})
  }

  observe(): Observed['tasks'] {
    return Object.fromEntries([...this.runners].map(([name, {record}]) => [name, record.state]))
  }

  outputs(name: string): Json | undefined {
    const record = this.runners.get(name)?.record
    return record?.state === 'Succeeded' || record?.state === 'Skipped' ? record.outputs : undefined
  }

  private recordOf(name: string): TaskRecord {
    const host = this.hostFor(name)
    const saved = this.store.get(taskKey(host.stack.id, name))
    return {...newTaskRecord(host.clock.now()), ...(saved as TaskRecord | undefined)}
  }
}
