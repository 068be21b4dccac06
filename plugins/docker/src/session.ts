import {randomUUID} from 'node:crypto'
import {setTimeout as sleep} from 'node:timers/promises'
import type {Duplex} from 'node:stream'
import type Docker from 'dockerode'
import type {
  CommandSpec,
  ExecResult,
  ExitStatus,
  Session,
  SessionOutput,
  SessionRequest,
} from '@service-harness/cli/plugin'
import type {Container} from './container.js'
import {statusOf, wordsOf} from './engine/problem.js'
import {framesOf} from './frames.js'
import type {Shared} from './shared.js'

/** Marks every process of a session in its environment: the engine can begin a command, and not end it. */
const cookie = 'HARNESS_SESSION'

const kept = 1024 * 1024

/** Runs a command in a container to its end. */
export async function execIn(
  container: Container,
  {stdin, ...command}: CommandSpec,
  {signal, ...shared}: Shared & {readonly signal: AbortSignal},
): Promise<ExecResult> {
  await using session = await openSession(container, command, shared)
  const end = (): void => {
    void session[Symbol.asyncDispose]()
  }
  signal.addEventListener('abort', end, {once: true})
  try {
    signal.throwIfAborted()
    if (typeof stdin === 'object') await session.write(Buffer.from(stdin.text))
    const isHeld = stdin === 'open' || (stdin === undefined && command.lead !== undefined)
    if (!isHeld) await session.endInput()
    const parts = {stdout: [] as Uint8Array[], stderr: [] as Uint8Array[]}
    const room = {stdout: kept, stderr: kept}
    for await (const {stream, bytes} of session.output) {
      const part = bytes.subarray(0, room[stream])
      room[stream] -= part.length
      parts[stream].push(part)
    }
    const status = await session.ended
    signal.throwIfAborted()
    return {status, stdout: Buffer.concat(parts.stdout).toString(), stderr: Buffer.concat(parts.stderr).toString()}
  } finally {
    signal.removeEventListener('abort', end)
  }
}

/** Runs a command in a container, with its streams live. */
export async function openSession(container: Container, request: SessionRequest, shared: Shared): Promise<Session> {
  const id = randomUUID()
  const {monitor} = shared
  const {terminal} = request
  // Engines before 23 know nothing of it: their terminals have their size a moment after they are there.
  const size = terminal && {ConsoleSize: [terminal.rows, terminal.columns] as [number, number]}
  let exec: Docker.Exec
  let stream: Duplex
  try {
    exec = await monitor.ask((docker) =>
      docker.getContainer(container.id).exec({
        Cmd: [request.program, ...request.args],
        Env: Object.entries({...request.env, [cookie]: id}).map(([name, value]) => `${name}=${value}`),
        ...(request.cwd !== undefined && {WorkingDir: request.cwd}),
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        Tty: terminal !== undefined,
        ...size,
      }),
    )
    stream = await monitor.ask(() => exec.start({hijack: true, stdin: true, Tty: terminal !== undefined, ...size}))
  } catch (error) {
    if (statusOf(error) === undefined) throw error
    return refused(wordsOf(error))
  }
  const resize = resizer(exec)
  if (terminal) resize(terminal)
  stream.on('error', () => undefined)
  if (request.lead !== undefined) stream.write(request.lead)
  return new ContainerSession({
    exec,
    stream,
    resize,
    isTerminal: terminal !== undefined,
    signalAll: signaller(container, id, shared),
    monitor,
    services: shared.services,
  })
}

const resizeTries = 10
const resizePauseMs = 20

/** The engine answers a start a little before there is a terminal that has a size. The last size wins. */
function resizer(exec: Docker.Exec): Session['resize'] {
  let wanted: object | undefined
  const set = async (size: {readonly columns: number; readonly rows: number}): Promise<void> => {
    wanted = size
    for (let left = resizeTries; wanted === size && left > 0; left -= 1) {
      try {
        await exec.resize({h: size.rows, w: size.columns})
        return
      } catch {
        await sleep(resizePauseMs, undefined, {ref: false})
      }
    }
  }
  return (size) => void set(size)
}

/** What the engine says of a program that cannot be run: as an answer, or in its place. */
const notFound = /executable file not found|no such file or directory/i
const inItsPlace = 'OCI runtime exec failed: '

function refused(reason: string): Session {
  const status: ExitStatus = {by: 'code', code: notFound.test(reason) ? 127 : 126, startFailure: reason}
  return {
    output: (async function* () {
      // Nothing was run.
    })(),
    ended: Promise.resolve(status),
    write: () => Promise.resolve(),
    endInput: () => Promise.resolve(),
    resize: () => undefined,
    signal: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

interface SessionParts {
  readonly exec: Docker.Exec
  readonly stream: Duplex
  readonly isTerminal: boolean
  readonly resize: Session['resize']
  /** Sends a signal to all processes of the session. */
  readonly signalAll: (signal: NodeJS.Signals) => Promise<void>
  readonly monitor: Shared['monitor']
  readonly services: Shared['services']
}

class ContainerSession implements Session {
  readonly output: AsyncIterable<SessionOutput>
  readonly ended: Promise<ExitStatus>
  readonly resize: Session['resize']
  private readonly queue: SessionOutput[] = []
  private wake = (): void => undefined
  private over = false
  private first = true
  /** What may be the engine's words and not the program's. */
  private said: SessionOutput | undefined
  private disposed: Promise<void> | undefined

  constructor(private readonly parts: SessionParts) {
    this.resize = parts.resize
    const read = this.read()
    this.ended = read.then(() => this.status())
    this.output = this.taken()
  }

  write(bytes: Uint8Array): Promise<void> {
    const {stream} = this.parts
    return new Promise((resolve) => {
      if (stream.destroyed || stream.writableEnded) resolve()
      else
        stream.write(bytes, () => {
          resolve()
        })
    })
  }

  async endInput(): Promise<void> {
    const {stream, isTerminal} = this.parts
    if (isTerminal) await this.write(Buffer.from([4]))
    else if (!stream.writableEnded) stream.end()
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.over) void this.parts.signalAll(signal).catch(() => undefined)
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.disposed ??= this.finish()
    return this.disposed
  }

  private async finish(): Promise<void> {
    if (!this.over) {
      await this.parts.signalAll('SIGKILL').catch(() => undefined)
      // What nobody reads any more must not keep it from ending.
      this.queue.length = 0
      this.wake()
      const {stream} = this.parts
      stream.resume()
    }
    await this.ended
    this.parts.stream.destroy()
  }

  /** Reads on only while little waits: the command then waits in its next write. */
  private async read(): Promise<void> {
    const {stream, isTerminal} = this.parts
    try {
      const outputs = isTerminal ? asOutput(stream) : framesOf(stream)
      for await (const all of outputs) await this.takeAll(all)
    } catch {
      // The connection is lost: how it ended is asked for.
    }
    this.over = true
    this.wake()
  }

  private async takeAll(outputs: readonly SessionOutput[]): Promise<void> {
    for (const output of outputs) await this.take(output)
  }

  private async take(output: SessionOutput): Promise<void> {
    const isFirst = this.first
    this.first = false
    if (isFirst && Buffer.from(output.bytes).toString().startsWith(inItsPlace)) this.said = output
    else {
      const {said} = this
      this.said = undefined
      if (said) await this.put(said)
      await this.put(output)
    }
  }

  private async put(output: SessionOutput): Promise<void> {
    while (this.queue.length >= 16 && !this.disposed) await this.change()
    if (!this.disposed) this.queue.push(output)
    this.wake()
  }

  private async *taken(): AsyncGenerator<SessionOutput> {
    for (;;) {
      const next = this.queue.shift()
      this.wake()
      if (next) yield next
      else if (this.over) return
      else await this.change()
    }
  }

  /** Until the queue, or what becomes of it, is another. */
  private change(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.wake
      this.wake = () => {
        before()
        resolve()
      }
    })
  }

  private async status(): Promise<ExitStatus> {
    try {
      const {ExitCode} = await this.parts.monitor.ask(() => this.parts.exec.inspect())
      if (ExitCode === null) return {by: 'lost', reason: 'the connection to the engine was lost'}
      const words = this.said && Buffer.from(this.said.bytes).toString().trim()
      if (words === undefined) return this.parts.services.exitStatus(ExitCode)
      return {by: 'code', code: notFound.test(words) ? 127 : 126, startFailure: words.slice(inItsPlace.length)}
    } catch (error) {
      return {by: 'lost', reason: wordsOf(error)}
    }
  }
}

async function* asOutput(stream: AsyncIterable<Buffer>): AsyncGenerator<readonly SessionOutput[]> {
  for await (const bytes of stream) yield [{stream: 'stdout', bytes}]
}

/** There is no call for it: a shell in the container finds the processes by their cookie. Without one they end with the container. */
function signaller(container: Container, id: string, {monitor}: Shared): (signal: NodeJS.Signals) => Promise<void> {
  return async (signal) => {
    const script = `for p in /proc/[0-9]*; do if tr '\\0' '\\n' <$p/environ 2>/dev/null | grep -qx "${cookie}=${id}"; then kill -${signal.slice(3)} "\${p#/proc/}"; fi; done`
    const stream = await monitor.ask(async (docker) => {
      const options = {Cmd: ['sh', '-c', script], User: '0', AttachStdout: true, AttachStderr: true}
      const exec = await docker.getContainer(container.id).exec(options)
      return await exec.start({})
    })
    for await (const _ of stream) {
      // Until it has done its work.
    }
  }
}
