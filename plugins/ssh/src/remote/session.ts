import {randomUUID} from 'node:crypto'
import path from 'node:path'
import type {
  CommandSpec,
  ExecResult,
  ExitStatus,
  PluginServices,
  Session,
  SessionRequest,
  ShimLaunch,
} from '@service-harness/cli/plugin'
import type {Agent} from '../agent/agent.js'
import {quote} from '../agent/quote.js'
import type {RemoteChannel} from '../host/remote-host.js'
import {Deadline} from './deadline.js'
import {endTree} from './end-tree.js'
import {placesIn} from './places.js'

/** Marks every process of a session. */
const cookieName = 'HARNESS_SESSION'
const kept = 1024 * 1024
/** How long what hears SIGHUP and SIGTERM may take to end, in milliseconds. */
const graceMs = 2000
/** So long is waited for a machine that does not answer. */
const patienceMs = 5000
/** The end of a file, as it is typed. */
const endOfFile = Uint8Array.of(4)

/** What a command runs beside. */
export interface Beside {
  readonly agent: Agent
  readonly services: PluginServices
  /** Named in errors. */
  readonly service: string
  /** What the program was started with. */
  readonly launch: () => Promise<ShimLaunch>
}

/** Runs a command to its end, in the directory and with the environment of the program, cookie included: what it leaves behind ends with the service. */
export async function execBeside(
  {stdin, ...command}: CommandSpec,
  {signal, ...beside}: Beside & {readonly signal: AbortSignal},
): Promise<ExecResult> {
  signal.throwIfAborted()
  await using session = await openSession(command, beside)
  const end = (): void => {
    void session[Symbol.asyncDispose]()
  }
  signal.addEventListener('abort', end, {once: true})
  try {
    if (signal.aborted) end()
    if (typeof stdin === 'object') await session.write(Buffer.from(stdin.text))
    if (stdin !== 'open') await session.endInput()
    const parts = {stdout: [] as Uint8Array[], stderr: [] as Uint8Array[]}
    const room = {stdout: kept, stderr: kept}
    for await (const {stream, bytes} of session.output) {
      const part = bytes.subarray(0, room[stream])
      room[stream] -= part.length
      parts[stream].push(part)
    }
    const status = await session.ended
    signal.throwIfAborted()
    const stderr = Buffer.concat(parts.stderr).toString()
    const refusal = status.by === 'code' ? status.startFailure : undefined
    return {status, stdout: Buffer.concat(parts.stdout).toString(), stderr: refusal ?? stderr}
  } finally {
    signal.removeEventListener('abort', end)
  }
}

/** Runs a command beside a program, with its streams live. */
export async function openSession(request: SessionRequest, beside: Beside): Promise<Session> {
  const {agent, services} = beside
  const {terminal} = request
  const signal = AbortSignal.timeout(4 * patienceMs)
  const launch = await beside.launch()
  const cwd = path.posix.resolve(launch.cwd, request.cwd ?? '.')
  const session = randomUUID()
  const env: Readonly<Record<string, string>> = {...launch.env, ...request.env, PWD: cwd, [cookieName]: session}
  const found = await agent.askNow('check', [cwd, request.program, env['PATH'] ?? ''], signal)
  if (found.code !== 0) return refused(found.code === 2 ? 127 : 126, found.text)
  const {program} = placesIn(found)
  const script = [noteItself, services.shim.beside({program, args: request.args, cwd, env})].join('\n')
  const written = await agent.askNow('exec', [session, script], signal)
  if (written.code !== 0) return refused(126, written.text.trim())
  const {base} = await agent.connect(signal)
  const pty = terminal && {columns: terminal.columns, rows: terminal.rows, term: env['TERM'] ?? 'xterm-256color'}
  const channel = await agent.host.open(`exec /bin/sh ${quote(`${base}/exec/${session}`)}`, pty ? {pty} : {})
  return new RemoteSession(channel, {...beside, session, isTerminal: terminal !== undefined})
}

/** Its number is known before it begins, and its text, which has variables, is gone. */
const noteItself = `read -r stat </proc/self/stat
self=\${stat%% *}
set -- \${stat##*) }
printf '%s %s\\n' "$self" "\${20}" >"$0.pid"
rm -f "$0"
unset SSH_CLIENT SSH_CONNECTION SSH_TTY self stat`

function refused(code: 126 | 127, reason: string): Session {
  const nothing = (): Promise<void> => Promise.resolve()
  return {
    output: (async function* () {
      // Nothing was run.
    })(),
    ended: Promise.resolve({by: 'code', code, startFailure: reason}),
    write: nothing,
    endInput: nothing,
    resize: () => undefined,
    signal: () => undefined,
    [Symbol.asyncDispose]: nothing,
  }
}

interface SessionParts extends Beside {
  readonly session: string
  readonly isTerminal: boolean
}

class RemoteSession implements Session {
  readonly output: Session['output']
  readonly ended: Promise<ExitStatus>
  private isOver = false
  private ending: Promise<void> | undefined

  constructor(
    private readonly channel: RemoteChannel,
    private readonly parts: SessionParts,
  ) {
    const {stdin, stdout, stderr} = channel
    stdin.on('error', () => undefined)
    this.ended = channel.ended.then((end) => {
      this.isOver = true
      if (end.by === 'code') return {by: 'code', code: end.code}
      if (end.by === 'lost') return {by: 'lost', reason: end.reason}
      const signal = end.signal.startsWith('SIG') ? end.signal : `SIG${end.signal}`
      return {by: 'signal', signal: signal as NodeJS.Signals}
    })
    // What was left in the background would hold the streams open.
    const over = this.ended.then(() => this.endAll(false)).catch(() => undefined)
    const streams = [
      {stream: 'stdout', readable: stdout},
      {stream: 'stderr', readable: stderr},
    ] as const
    this.output = parts.services.readOutput(parts.isTerminal ? streams.slice(0, 1) : streams, over)
    if (parts.isTerminal) stderr.resume()
  }

  write(bytes: Uint8Array): Promise<void> {
    const {stdin} = this.channel
    if (stdin.destroyed || stdin.writableEnded) return Promise.resolve()
    return new Promise((resolve) => {
      stdin.write(bytes, () => {
        resolve()
      })
    })
  }

  async endInput(): Promise<void> {
    if (this.parts.isTerminal) await this.write(endOfFile)
    else if (!this.channel.stdin.writableEnded) this.channel.stdin.end()
  }

  resize({columns, rows}: {readonly columns: number; readonly rows: number}): void {
    if (this.parts.isTerminal && !this.isOver) this.channel.resize(columns, rows)
  }

  signal(signal: NodeJS.Signals): void {
    if (this.isOver) return
    const {agent, session} = this.parts
    void agent.askNow('session', [session, signal.slice(3)], AbortSignal.timeout(patienceMs)).catch(() => undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const {stdin, stdout, stderr} = this.channel
    stdin.end()
    stdout.resume()
    stderr.resume()
    await this.endAll(true).catch(() => undefined)
    this.channel.close()
    await this.ended
  }

  /** Ends all that is left of it, politely first. `hangUp`: what runs is told before that its client has gone. */
  private endAll(hangUp: boolean): Promise<void> {
    this.ending ??= this.sweep(hangUp)
    return this.ending
  }

  private async sweep(hangUp: boolean): Promise<void> {
    const {agent, services, service, session} = this.parts
    const signal = AbortSignal.timeout(patienceMs)
    if (hangUp) {
      await agent.askNow('session', [session, 'HUP'], signal)
      await agent.askNow('session', [session, 'CONT'], signal)
    }
    const {code, text} = await agent.askNow('over', [session], signal)
    const [pid = -1, tick = 0] = code === 0 ? text.split(' ').map(Number) : []
    using deadline = new Deadline()
    deadline.shorten(graceMs)
    await endTree({
      ...{agent, services, subject: service, deadline, known: [], groupWasAsked: false},
      leader: {pid, tick},
      cookie: `${cookieName}=${session}`,
    })
  }
}
