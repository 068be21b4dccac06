import {abortReason} from '../base/clock.js'
import {withDeadline} from '../base/deadline.js'
import {HarnessError, messageOf} from '../base/errors.js'
import type {Json} from '../base/json.js'
import type {Executor} from '../contract/executor.js'
import type {TargetDefinition, TaskDefinition} from '../contract/stack.js'
import type {TaskContext, TaskType} from '../contract/task-type.js'
import type {WorkloadHandle} from '../contract/workload.js'
import type {AttemptRecord} from '../service/record.js'
import {exitReport} from '../service/exit-report.js'
import {findWorkload} from '../service/find-workload.js'
import {definitionHash, prepareAttempt} from '../service/prepare.js'
import {stackContext} from '../service/stack-context.js'
import {discardAttempts} from './task-discard.js'
import {endAttempt, endHandle} from './task-ending.js'
import type {TaskHost} from './task-host.js'
import {createOutputFile, outputFile, outputVariable, readOutputFile} from './task-output-file.js'
import type {TaskRecord} from './task-record.js'
import {checkedOutput, eventGate} from './task-values.js'

export interface TaskTryOptions {
  readonly host: TaskHost
  readonly name: string
  readonly definition: TaskDefinition
  readonly type: TaskType
  /** What runs has no time to end by itself any more, once this aborts. */
  readonly hurry: AbortSignal
  readonly record: () => TaskRecord
  /** Journals. */
  readonly save: (fields: Partial<TaskRecord>) => Promise<void>
  /** The daemon ends: what runs goes on. */
  readonly closing: () => boolean
  /** The workload is there. */
  readonly onLaunched: () => void
  readonly emit: (event: Json) => void
  /** Resolves when those who hear the events have room for more. */
  readonly room: () => Promise<void>
}

/** When so long no event has come once the work has ended, there are no more. */
const drainMs = 2000
/** What waits for the task waits no longer than this for what it printed. */
const mostDrainMs = 30_000

/** One run of a task: its workload, its events and its answer. */
export class TaskTry {
  /** How its workload ended. */
  exit: TaskRecord['exit'] = null
  private launched: Promise<WorkloadHandle> | undefined
  private running: WorkloadHandle | undefined
  /** What an earlier daemon started for the same try, until it is taken up or known not to be there. */
  private unfound: AttemptRecord | null
  private ending = false
  private relayed: Promise<void> = Promise.resolve()
  /** Events of the workload. */
  private heard = 0
  private readonly over = new AbortController()
  private readonly gate: (event: unknown) => Json | undefined

  constructor(private readonly options: TaskTryOptions) {
    const {name, type, host} = options
    this.gate = eventGate(name, type, host.log)
    this.unfound = options.record().current
  }

  /** What runs now, while something does. */
  get handle(): WorkloadHandle | undefined {
    return this.running
  }

  /** Answers the outputs. What was launched has ended by then. */
  async run(input: unknown, signal: AbortSignal): Promise<Json> {
    const {name, type} = this.options
    const answered = await type.run(input, this.context(signal))
    const outputs = checkedOutput(name, type, answered)
    if (signal.aborted) throw abortReason(signal)
    if (this.exit === null) await this.end()
    return outputs
  }

  /** Waits for the last events, as long as there come any, but not for ever: they stand in the log. */
  async drain(signal: AbortSignal): Promise<void> {
    const {clock} = this.options.host
    const began = clock.monotonic()
    const onTimeout = (): Error => new Error('Nothing more comes.')
    for (let before = -1; before !== this.heard && clock.monotonic() - began < mostDrainMs;) {
      before = this.heard
      const done = withDeadline(() => this.relayed, {clock, ms: drainMs, onTimeout, signal})
      if (await done.then(() => true).catch(() => signal.aborted)) return
    }
  }

  context(signal: AbortSignal): TaskContext {
    const {host, emit} = this.options
    return {
      ...stackContext(host, signal, (reason) => this.failed(reason)),
      emit: (given) => {
        const event = this.over.signal.aborted ? undefined : this.gate(given)
        if (event !== undefined) emit(event)
      },
      launch: () => (this.launched ??= this.launch(signal)),
      outputs: () => this.outputs(),
    }
  }

  /** Ends what runs, also what is just being launched; nothing is launched from then on. Resolves when nothing of it is left. */
  async end(): Promise<void> {
    const {host, hurry, definition} = this.options
    const grace = {graceMs: definition.graceMs, hurry}
    this.ending = true
    await this.launched?.catch(() => undefined)
    if (this.running) await endHandle(this.running, grace)
    else if (this.unfound) await endAttempt(this.unfound, host, grace)
    this.unfound = null
  }

  /** Lets go of what runs, or ran. */
  release(): void {
    this.over.abort()
    this.running?.release()
    this.running = undefined
  }

  /** Starts the target, or finds the one that an earlier daemon started for the same try. */
  private async launch(signal: AbortSignal): Promise<WorkloadHandle> {
    this.refuseLate(signal)
    const {host, definition, onLaunched} = this.options
    const {target} = definition
    if (!target) throw this.failed('it has no target to run')
    const executor = host.executor(target.type)
    const handle = (await this.findAgain(executor)) ?? (await this.start(executor, target, signal))
    if (this.over.signal.aborted) {
      // The daemon ends: it goes on. Whoever else gives the try up waits for the launch, and ends it.
      handle.release()
      throw this.late(signal)
    }
    this.running = handle
    onLaunched()
    handle.wait(this.over.signal).then(
      (status) => {
        this.exit = exitReport(status, host.clock.now())
      },
      () => undefined,
    )
    this.relayed = this.relay(handle)
    return handle
  }

  private async findAgain(executor: Executor): Promise<WorkloadHandle | undefined> {
    const {unfound} = this
    const handle = unfound ? await findWorkload(executor, unfound.saved, this.options.host.clock) : undefined
    this.unfound = null
    return handle
  }

  private async start(executor: Executor, target: TargetDefinition, signal: AbortSignal): Promise<WorkloadHandle> {
    const {host, definition, name, record, save} = this.options
    const attempt = record().attempt + 1
    const prepared = await prepareAttempt({
      stack: host.stack,
      name,
      attempt,
      definition: {...definition, target, ports: []},
      executor,
      layer: host.layer,
      callerEnv: host.callerEnv(record().env),
      keptPorts: {},
      runsDirectory: host.runsDirectory,
      fill: host.fill,
      surroundings: host.surroundings(),
      now: host.clock.now(),
      hash: definitionHash(definition),
    })
    await prepared[Symbol.asyncDispose]()
    this.refuseLate(signal)
    const neverBegan = record().current
    await save({attempt, current: prepared.record})
    if (neverBegan) discardAttempts(name, [neverBegan], host)
    const {request} = prepared
    const env = executor.capabilities.local && !request.elsewhere ? await this.outputEnv(request.instance) : {}
    return executor.start({...request, env: {...request.env, ...env}}, {signal, progress: () => undefined})
  }

  private async outputEnv(instance: string): Promise<Readonly<Record<string, string>>> {
    const file = outputFile(this.options.host, this.options.name, instance)
    await createOutputFile(file)
    return {[outputVariable]: file}
  }

  private async outputs(): Promise<Readonly<Record<string, string>>> {
    const {host, name, record} = this.options
    const {current} = record()
    if (!current) return {}
    try {
      return await readOutputFile(outputFile(host, name, current.instance))
    } catch (error) {
      throw this.failed(messageOf(error))
    }
  }

  /** Passes on what the type makes of the workload's events, as fast as those who hear it can take it. What is missed stands in the log. */
  private async relay(handle: WorkloadHandle): Promise<void> {
    const {type, emit, room} = this.options
    if (!type.processEvent) return
    try {
      for await (const happened of handle.events.subscribe({signal: this.over.signal, overflow: 'drop-oldest'})) {
        this.heard += 1
        const event = type.processEvent(happened)
        const fitting = event === undefined ? undefined : this.gate(event)
        if (fitting !== undefined) {
          emit(fitting)
          await room()
        }
        if (happened.kind === 'exited') return
      }
    } catch (error) {
      const {log} = this.options.host
      log.warn('the events of a task are heard no more', {task: this.options.name, error: messageOf(error)})
    }
  }

  /** A type may not notice that its time is over. Once the try has an end, nobody would end what it launches, or expect it to be journalled. */
  private refuseLate(signal: AbortSignal): void {
    if (this.ending || this.over.signal.aborted || signal.aborted) throw this.late(signal)
  }

  private late(signal: AbortSignal): Error {
    return signal.aborted ? abortReason(signal) : this.failed('its run is over, nothing can be launched any more')
  }

  private failed(reason: string): HarnessError {
    return new HarnessError('TASK_FAILED', {subject: this.options.name, reason})
  }
}
