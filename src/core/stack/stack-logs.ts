import {createChannel} from '../base/channel.js'
import type {Clock} from '../base/clock.js'
import type {EventSink} from '../base/event-stream.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {LogLine} from '../contract/log.js'
import type {ServiceState, TaskState} from '../contract/service-state.js'
import type {WorkloadHandle} from '../contract/workload.js'
import {readLogs, type LogInput} from '../process/log/read-logs.js'
import {findWorkload} from '../service/find-workload.js'
import type {AttemptRecord} from '../service/record.js'
import type {ServiceSupervisor} from '../service/supervisor.js'
import type {TaskRunner} from './task-runner.js'

type Node = ServiceSupervisor | TaskRunner

export interface LogWish {
  /** Services and tasks. */
  readonly names: readonly string[]
  /** The last lines of all together; `null`: everything. */
  readonly tail: number | null
  /** Earlier attempts too, or only the newest one of each. */
  readonly attempts: 'all' | 'last'
  /** Go on with what comes, also of attempts that have not begun yet, until `signal` aborts. */
  readonly follow: boolean
  readonly signal: AbortSignal
}

/** How long the last lines of one service may take to read. */
const lastLinesMs = 5000

/** Reads what the services and tasks of a stack printed, of earlier attempts too. */
export class StackLogs {
  constructor(
    private readonly stack: string,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
    private readonly node: (name: string) => Node,
  ) {}

  /** Batches of lines in the order of time. */
  async *read(wish: LogWish): AsyncGenerator<readonly LogLine[], void> {
    const {names, attempts, tail, follow, signal} = wish
    const seen = new Set<string>()
    await using opened = createHandles()
    await using more = createChannel<LogInput>()
    const news = more.stream.subscribe({signal, buffer: 10_000})
    using _watches = this.watch(follow ? names : [], seen, more)
    const inputs = await Promise.all(names.map((name) => this.inputs(name, attempts, seen, opened)))
    yield* readLogs(inputs.flat(), {tail, follow, signal, ...(follow ? {moreSources: news} : {})})
  }

  /** The newest lines of the newest attempt; none when that never began. */
  async lastLines(name: string, count: number): Promise<readonly string[]> {
    const lines: string[] = []
    const signal = AbortSignal.timeout(lastLinesMs)
    const wish = {names: [name], tail: count, attempts: 'last', follow: false, signal} as const
    const {attempt} = this.node(name).record
    for await (const batch of this.read(wish)) {
      lines.push(...batch.filter((line) => line.attempt === attempt).map(({text}) => text))
    }
    return lines
  }

  private async inputs(
    name: string,
    attempts: LogWish['attempts'],
    seen: Set<string>,
    opened: Handles,
  ): Promise<readonly LogInput[]> {
    const node = this.node(name)
    const {earlier, current} = node.record
    const all = current ? [...earlier, current] : earlier
    const chosen = attempts === 'all' ? all : all.slice(-1)
    const found = await Promise.all(
      chosen.map(async (attempt) => {
        const running = attempt === current ? node.handle : undefined
        // One that is just being launched must not be looked for: that would keep it from starting. It comes with `watch`.
        if (!running && attempt === current && isLaunching(node.record.state)) return []
        seen.add(attempt.instance)
        const handle = running ?? (await this.ended(attempt, opened))
        return handle ? this.inputsOf(name, attempt, handle) : []
      }),
    )
    return found.flat()
  }

  private inputsOf(service: string, {attempt}: AttemptRecord, handle: WorkloadHandle): readonly LogInput[] {
    const ended = handle.wait()
    return handle.logs.map((source) => ({source, stack: this.stack, service, attempt, ended}))
  }

  /** Hands over the output of each attempt that begins from now on. */
  private watch(names: readonly string[], seen: Set<string>, sink: EventSink<LogInput>): Disposable {
    const watches = names.map((name) => {
      const node = this.node(name)
      return node.onChange(() => {
        const {current} = node.record
        if (!current || !node.handle || seen.has(current.instance)) return
        seen.add(current.instance)
        for (const input of this.inputsOf(name, current, node.handle)) sink.emit(input)
      })
    })
    return {
      [Symbol.dispose]() {
        for (const watch of watches) watch[Symbol.dispose]()
      },
    }
  }

  private async ended(attempt: AttemptRecord, opened: Handles): Promise<WorkloadHandle | undefined> {
    const executor = this.catalogue.executor(attempt.saved.executor)
    // Logs that cannot be had now are left out; the rest is shown.
    const handle = executor && (await findWorkload(executor, attempt.saved, this.clock).catch(() => undefined))
    if (handle) opened.add(handle)
    return handle
  }
}

function isLaunching(state: ServiceState | TaskState): boolean {
  return state === 'Running' || state === 'Starting'
}

interface Handles extends AsyncDisposable {
  add(handle: WorkloadHandle): void
}

/** Handles that were opened for reading alone, to be let go of afterwards. */
function createHandles(): Handles {
  const handles: WorkloadHandle[] = []
  return {
    add: (handle) => handles.push(handle),
    [Symbol.asyncDispose]() {
      for (const handle of handles) handle.release()
      return Promise.resolve()
    },
  }
}
