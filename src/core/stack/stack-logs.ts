import {anySignal} from '../base/any-signal.js'
import {createChannel} from '../base/channel.js'
import {isoTime, type Clock} from '../base/clock.js'
import {withDeadline} from '../base/deadline.js'
import {formatDuration} from '../base/duration.js'
import type {EventSink} from '../base/event-stream.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {LogLine, LogPosition} from '../contract/log.js'
import type {ServiceState, TaskState} from '../contract/service-state.js'
import type {WorkloadHandle} from '../contract/workload.js'
import type {LogInput, SelectLines} from '../process/log/log-reader.js'
import {readLogs} from '../process/log/read-logs.js'
import {afterOf, type After} from './after.js'
import {findWorkload} from '../service/find-workload.js'
import type {AttemptRecord} from '../service/record.js'
import {watchNodes, type NodeSource} from './watch-nodes.js'
import {WorkloadEnds} from './workload-ends.js'

export interface LogWish {
  /**
   * Services and tasks. A function is asked again whenever the stack is defined anew: with `follow`, the attempts of those that come are
   * read from their first line. SERVICE_UNKNOWN for a name that there is not at first, unless `after` knows it.
   */
  readonly names: readonly string[] | (() => readonly string[])
  /** The last lines of all together; `null`: everything. */
  readonly tail: number | null
  /** Earlier attempts too, or only the newest one of each. */
  readonly attempts: 'all' | 'last'
  /** Go on with what comes, also of attempts that have not begun yet, until `signal` aborts. */
  readonly follow: boolean
  readonly signal: AbortSignal
  /** Lines printed at or after this time, in milliseconds since the epoch. */
  readonly since?: number | undefined
  /** Lines printed before this time. Not with `follow`. */
  readonly until?: number | undefined
  /** Chooses among the lines. */
  readonly select?: SelectLines | undefined
  /**
   * What the reader has already: a service or task with positions goes on there. Of its attempts only these and later ones are read,
   * whatever `attempts` says.
   */
  readonly after?: readonly LogPosition[] | undefined
  /** Hears, before the first line, where each stream begins. */
  readonly onBegin?: ((positions: readonly LogPosition[]) => void) | undefined
}

/** How long the last lines of one service may take to read. */
const lastLinesMs = 5000

/** Reads what the services and tasks of a stack printed, of earlier attempts too. */
export class StackLogs {
  private readonly ends = new WorkloadEnds()

  constructor(
    private readonly stack: string,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
    private readonly nodes: NodeSource,
  ) {}

  /** Batches of lines in the order of time. */
  async *read(wish: LogWish): AsyncGenerator<readonly LogLine[], void> {
    const {follow} = wish
    const left = new AbortController()
    using either = anySignal(wish.signal, left.signal)
    const {signal} = either
    await using opened = createHandles()
    await using more = createChannel<LogInput>()
    const lost: LogLine[] = []
    const reading = {...wish, signal, seen: new Set<string>(), opened, lost}
    const news = more.stream.subscribe({signal, buffer: 10_000})
    using _watches = this.watch(reading, more)
    try {
      const inputs = await Promise.all(this.present(reading).map((name) => this.inputs(name, reading)))
      if (lost.length > 0) yield lost
      yield* readLogs(inputs.flat(), {...wish, signal, ...(follow ? {moreSources: news} : {})})
    } finally {
      left.abort()
    }
  }

  /** The newest lines of the newest attempt; none when that never began. What cannot be read in time is left out. */
  async lastLines(name: string, count: number): Promise<readonly string[]> {
    const lines: string[] = []
    const {attempt} = this.nodes.named(name).record
    const collect = async (signal: AbortSignal): Promise<void> => {
      const wish = {names: [name], tail: count, attempts: 'last', follow: false, signal} as const
      for await (const batch of this.read(wish)) {
        lines.push(...batch.filter((line) => line.attempt === attempt).map(({text}) => text))
      }
    }
    await withDeadline(collect, {
      clock: this.clock,
      ms: lastLinesMs,
      onTimeout: () => new Error(`The log of '${name}' could not be read within ${formatDuration(lastLinesMs)}.`),
    }).catch(() => undefined)
    return [...lines]
  }

  /** Those to begin with. What the reader knows already, and is gone, has ended. */
  private present(reading: Reading): readonly string[] {
    const known = new Set(reading.after?.map(({service}) => service))
    return namesOf(reading).filter((name) => this.nodes.has(name) || !known.has(name))
  }

  private async inputs(name: string, reading: Reading): Promise<readonly LogInput[]> {
    const {seen, opened} = reading
    const node = this.nodes.named(name)
    const {earlier, current} = node.record
    const after = this.afterOf(name, reading)
    const found = await Promise.all(
      chosen(current ? [...earlier, current] : earlier, reading.attempts, after).map(async (attempt) => {
        const running = attempt === current ? node.handle : undefined
        // One that is just being launched must not be looked for: that would keep it from starting. It comes with `watch`.
        if (!running && attempt === current && isLaunching(node.record.state)) return []
        seen.add(attempt.instance)
        const handle = running ?? (await this.ended(attempt, opened))
        if (!handle) return []
        return Promise.all(
          this.inputsOf(name, attempt, handle, reading).map((input) => this.goOn(input, after, reading)),
        )
      }),
    )
    return found.flat()
  }

  /** What a reader has of a service already, and a record of what it can never have. */
  private afterOf(name: string, {after: positions = [], lost}: Reading): After | undefined {
    const after = afterOf(positions, name)
    const {attempt, earlier, current} = this.nodes.named(name).record
    // Numbers that begin anew are another history.
    if (!after || attempt < after.newest.attempt) return undefined
    const isThere = [...earlier, current].some((one) => one?.attempt === after.newest.attempt)
    if (!isThere) lost.push(this.lostLine(after.newest, 'retention', 'of an attempt that is no longer kept'))
    return after
  }

  private async goOn(input: LogInput, after: After | undefined, {lost}: Reading): Promise<LogInput> {
    const {service, attempt, source} = input
    const {stream} = source
    const offset = after?.from(attempt, stream) ?? 0
    if (offset === 0) return input
    const end = await source.end()
    if (offset > end) {
      lost.push(this.lostLine({service, attempt, stream, offset: end}, 'cut', 'the log is shorter than it was'))
    }
    return {...input, from: Math.min(offset, end)}
  }

  private lostLine(position: LogPosition, reason: 'cut' | 'retention', text: string): LogLine {
    const time = isoTime(this.clock.now())
    return {...position, time, stack: this.stack, next: position.offset, text, gap: {bytes: null, reason}}
  }

  private inputsOf(
    service: string,
    {attempt}: AttemptRecord,
    handle: WorkloadHandle,
    {follow, signal}: Reading,
  ): readonly LogInput[] {
    // What is there already is read to its end, whether the workload has ended or not.
    const end = follow ? {ended: this.ends.of(handle, signal)} : {}
    return handle.logs.map((source) => ({source, stack: this.stack, service, attempt, ...end}))
  }

  /** Hands over the output of each attempt that begins from now on. */
  private watch(reading: Reading, sink: EventSink<LogInput>): Disposable {
    if (!reading.follow) return {[Symbol.dispose]: () => undefined}
    const {seen} = reading
    const names = (): readonly string[] => namesOf(reading)
    return watchNodes(this.nodes, names, ({name, record: {current}, handle}) => {
      if (!current || !handle || seen.has(current.instance)) return
      seen.add(current.instance)
      const after = afterOf(reading.after ?? [], name)
      for (const input of this.inputsOf(name, current, handle, reading)) {
        void this.goOn(input, after, reading)
          .catch(() => input)
          .then((one) => {
            sink.emit(one)
          })
      }
    })
  }

  private async ended(attempt: AttemptRecord, opened: Handles): Promise<WorkloadHandle | undefined> {
    const executor = this.catalogue.executor(attempt.saved.executor)
    // Logs that cannot be had now are left out; the rest is shown.
    const handle = executor && (await findWorkload(executor, attempt.saved, this.clock).catch(() => undefined))
    if (handle) opened.add(handle)
    return handle
  }
}

function namesOf({names}: LogWish): readonly string[] {
  return typeof names === 'function' ? names() : names
}

function chosen(
  all: readonly AttemptRecord[],
  attempts: LogWish['attempts'],
  after: After | undefined,
): readonly AttemptRecord[] {
  if (after) return all.filter(({attempt}) => after.reads(attempt))
  return attempts === 'all' ? all : all.slice(-1)
}

function isLaunching(state: ServiceState | TaskState): boolean {
  return state === 'Running' || state === 'Starting'
}

/** One reader: what it wants, what it has got already, and what was opened for it. */
interface Reading extends LogWish {
  readonly seen: Set<string>
  readonly opened: Handles
  /** What it can never have. */
  readonly lost: LogLine[]
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
