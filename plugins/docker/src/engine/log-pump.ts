import {setTimeout as sleep} from 'node:timers/promises'
import type {Json, LogSpool, PluginLog} from '@service-harness/cli/plugin'
import {framesOf, linesOf, logFrame, type LogFrame} from '../frames.js'
import type {Engine} from './engine.js'
import {isMissing, wordsOf} from './problem.js'
import {isAnother, isRunning} from '../run-of.js'

/** What of a stream is in the spool: all messages before `time`, and so many of those at it. */
interface Place {
  readonly time: string
  readonly count: number
}

interface Cursor {
  readonly stdout: Place
  readonly stderr: Place
}

const nowhere: Place = {time: '', count: 0}
const retryMs = 500
/** So far the clocks of this machine and of the engine's may be apart, in milliseconds. */
const skewMs = 1000

interface PumpOptions {
  readonly engine: Engine
  readonly container: string
  readonly spool: LogSpool
  readonly log: PluginLog
  /** So many of the last lines of one that is read for the first time. @default all */
  readonly tail?: number
  /** It has a terminal: both streams are one, without frames. @default false */
  readonly terminal?: boolean
  /** When the run began that is read, and no later one. @default whatever runs */
  readonly startedAt?: number
}

/** How the run is that is read. */
type Run = {readonly state: 'over'; readonly endedAt: number; readonly nextAt?: number} | {readonly state: 'on'}

/**
 * Copies what a container prints from the engine to the spool, each message once, also over restarts of the daemon and of the engine. Resolves when
 * the container has ended and all of it is there, or when there is nothing to read any more.
 */
export async function pumpLogs(options: PumpOptions, signal: AbortSignal): Promise<void> {
  const {container, spool, log} = options
  let {tail} = options
  const partsOf = options.terminal ? linesOf : framesOf
  while (!signal.aborted) {
    // What could not be written counts as not read.
    const place = new Placed(spool.cursor)
    try {
      const run = await theRun(options)
      const follow = run.state === 'on'
      const parts = partsOf(await readFrom(place.since(), {...options, tail, follow}, signal))
      if (!follow) {
        await takeRest(parts, run.endedAt, {...options, place})
        return
      }
      for await (const some of parts) take(some, {place, spool})
      // What comes while there is no stream comes after these.
      tail = undefined
      // Whoever follows may be told of the end before the last message: once more, from the place on.
      if ((await theRun(options)).state === 'over') continue
    } catch (error) {
      if (isMissing(error) || isUnreadable(error) || isOver(signal)) return
      log.debug('the log of a container broke off', {container, reason: wordsOf(error)})
    }
    await sleep(retryMs, undefined, {signal}).catch(() => undefined)
  }
}

interface LogQuery extends Pick<PumpOptions, 'container' | 'engine'> {
  readonly tail: number | undefined
  readonly follow: boolean
}

async function readFrom(
  since: string | undefined,
  {engine, container, tail, follow}: LogQuery,
  abortSignal: AbortSignal,
): Promise<AsyncIterable<Buffer>> {
  const options = {
    ...{follow, stdout: true, stderr: true, timestamps: true},
    ...(since !== undefined && {since}),
    ...(since === undefined && tail !== undefined && {tail}),
  }
  const statusCodes = {200: true, 404: 'no such container', 500: 'server error'}
  const request = {path: `/containers/${container}/logs?`, method: 'GET', isStream: true, statusCodes}
  return await engine.ask(
    ({modem}) =>
      // The library's own call gathers all of what is not followed.
      new Promise((resolve, reject) => {
        modem.dial({...request, options, abortSignal}, (error, stream) => {
          if (stream) resolve(stream as AsyncIterable<Buffer>)
          else reject(error instanceof Error ? error : new Error(String(error)))
        })
      }),
  )
}

async function theRun({engine, container, startedAt}: PumpOptions): Promise<Run> {
  const {State} = await engine.ask((docker) => docker.getContainer(container).inspect())
  const endedAt = Date.parse(State.FinishedAt)
  if (startedAt !== undefined && isAnother({State}, startedAt)) {
    return {state: 'over', endedAt, nextAt: Date.parse(State.StartedAt)}
  }
  return isRunning({State}) ? {state: 'on'} : {state: 'over', endedAt}
}

/** No run has left so much in its pipes: what comes then is of the next one. */
const lateBytes = 1024 * 1024

type Parts = readonly {readonly stream: LogFrame['stream']; readonly bytes: Buffer}[]

/**
 * Takes what is left of a run that is over, and nothing of one that somebody has begun meanwhile. The last messages have the time at which the engine
 * has read them, which is a little after the end; the first ones of another run a little before the time at which it began.
 */
async function takeRest(
  parts: AsyncIterable<Parts>,
  endedAt: number,
  {place, ...options}: PumpOptions & {readonly place: Placed},
): Promise<void> {
  const {spool} = options
  const timeOf = ({stream, bytes}: Parts[number]): number => Date.parse(logFrame(stream, bytes).time)
  const late: Parts[number][] = []
  let size = 0
  for await (const some of parts) {
    take(
      some.filter((part) => timeOf(part) <= endedAt),
      {place, spool},
    )
    const after = some.filter((part) => !(timeOf(part) <= endedAt))
    late.push(...after)
    size += after.reduce((sum, {bytes}) => sum + bytes.length, 0)
    if (size > lateBytes) break
  }
  const nextAt = await nextRunAt(options)
  const isOfThis = (part: Parts[number]): boolean => nextAt === undefined || timeOf(part) <= (endedAt + nextAt) / 2
  take(late.filter(isOfThis), {place, spool})
}

async function nextRunAt(options: PumpOptions): Promise<number | undefined> {
  try {
    const run = await theRun(options)
    return run.state === 'over' ? run.nextAt : undefined
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Its output goes elsewhere, from where the engine cannot fetch it. */
function isUnreadable(error: unknown): boolean {
  return /logging driver does not support reading/.test(wordsOf(error))
}

function isOver(signal: AbortSignal): boolean {
  return signal.aborted
}

/** Writes neighbours of one stream and one moment together. */
function take(frames: Parts, {place, spool}: {readonly place: Placed; readonly spool: LogSpool}): void {
  let together: LogFrame[] = []
  const write = (): void => {
    const last = together.at(-1)
    if (!last) return
    spool.write(last.stream, Buffer.concat(together.map(({bytes}) => bytes)), Date.parse(last.time))
    spool.commit(place.cursor)
    together = []
  }
  for (const {stream, bytes} of frames) {
    const frame = logFrame(stream, bytes)
    if (!place.isNew(frame)) continue
    const [first] = together
    if (first && (first.stream !== stream || momentOf(first) !== momentOf(frame))) write()
    together.push(frame)
    place.advance(frame)
  }
  write()
}

/** `2026-01-01T00:00:00.0`: cheaper than what a parser of times makes of it. */
function momentOf({time}: LogFrame): string {
  return time.slice(0, 21)
}

/**
 * Where the spool is. The engine is asked again from a moment on, and what it says of that moment may be there. It also repeats a part by itself, when it
 * has begun a new file of its own. Whoever goes back in time repeats what was said, unless the clock was set back: then the place is in the future.
 */
class Placed {
  private readonly places: Record<LogFrame['stream'], Place>
  /** How many messages of a moment that is in the spool have come again. */
  private readonly seen: Record<LogFrame['stream'], number> = {stdout: 0, stderr: 0}
  private readonly resumed: Record<LogFrame['stream'], Place>

  constructor(cursor: Json | undefined) {
    const {stdout = nowhere, stderr = nowhere} = (cursor ?? {}) as unknown as Partial<Cursor>
    this.places = {stdout, stderr}
    this.resumed = {stdout, stderr}
  }

  get cursor(): Json {
    return {stdout: {...this.places.stdout}, stderr: {...this.places.stderr}}
  }

  /** From where both streams are to be read again, in seconds; from now on what is known already is told apart. */
  since(): string | undefined {
    for (const stream of ['stdout', 'stderr'] as const) {
      this.resumed[stream] = this.places[stream]
      this.seen[stream] = 0
    }
    const times = [this.places.stdout.time, this.places.stderr.time]
    if (times.every((time) => time === '')) return undefined
    const [earliest = ''] = times.filter((time) => time !== '').sort()
    return unixTime(earliest)
  }

  isNew({stream, time}: LogFrame): boolean {
    const place = this.places[stream]
    if (time < place.time && this.resumed[stream] !== place && Date.parse(place.time) <= Date.now() + skewMs) {
      this.resumed[stream] = place
      this.seen[stream] = 0
    }
    const resumed = this.resumed[stream]
    if (time < resumed.time) return false
    if (time === resumed.time) {
      this.seen[stream] += 1
      if (this.seen[stream] <= resumed.count) return false
    }
    return true
  }

  /** This one is in the spool with what is written next. */
  advance({stream, time}: LogFrame): void {
    const place = this.places[stream]
    this.places[stream] = {time, count: time === place.time ? place.count + 1 : 1}
  }
}

/** A second before a moment: a stream that has said nothing so far may have done so a little before the other one, and be told later. */
function unixTime(time: string): string {
  return String(Math.floor(Date.parse(time) / 1000) - 1)
}
