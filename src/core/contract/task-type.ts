import type {Json, JsonSchema} from '../base/json.js'
import type {ActionContext} from './action.js'
import type {ProcessEvent} from './command.js'
import type {Dependency} from './service-type.js'
import type {StackContext} from './stack-context.js'
import type {WorkloadHandle} from './workload.js'

export interface TaskContext<Event extends Json = Json> extends ActionContext<Event>, StackContext {
  /**
   * Starts the task's target and gives its handle. It outlives the daemon: a daemon that comes back runs the task type again, and this
   * call then answers with the workload that is already there instead of a second one.
   */
  launch(): Promise<WorkloadHandle>
  /**
   * What the launched program wrote to the file that HARNESS_OUTPUT names: lines `KEY=VALUE`, or `KEY<<END`, lines and `END`. Empty where it
   * wrote nothing, and for workloads that are not on this host. Throws naming the line that is neither.
   */
  outputs(): Promise<Readonly<Record<string, string>>>
}

/** Work with an end: it runs, returns a value, and is done. What `task_type: NAME` in a stack file links to. */
export interface TaskType<Input = unknown, Output = unknown, Event extends Json = Json> {
  /** As it stands in a stack file, like `my-type_1`. Unique among task types. */
  readonly type: string
  /** What it does, in one line, for `harness types`. */
  readonly summary: string
  /** What it takes: `action` or `config` in a stack file. A wrong one is an error of the stack file, before anything starts. */
  readonly input: JsonSchema<Input>
  /** What it answers, which references call `${task.outputs.KEY}`. Checked after `run`: TASK_FAILED. */
  readonly output: JsonSchema<Output>
  /** The form of its events, which clients hear as `task.event`. @default anything that is JSON */
  readonly event?: JsonSchema<Event>
  /** `required`: a stack file must name a target. `none`: it must not. @default 'none' */
  readonly target?: 'none' | 'required'
  /** Edges that the task always has, beside those in the stack file. */
  dependsOn?(input: Input): readonly Dependency[]
  /** When it answers true the stack skips `run`. Leave it out for tasks that always run. */
  isComplete?(input: Input, context: TaskContext<Event>): Promise<boolean>
  /** Throws an error with a clear message when the work failed. Safe to call again after a crash of the daemon. */
  run(input: Input, context: TaskContext<Event>): Promise<Output>
  /**
   * Turns a line or the exit of the launched workload into an event of the domain, which is emitted. Left out by a type that reads the
   * workload's events and emits by itself.
   */
  processEvent?(event: ProcessEvent): Event | undefined
}
