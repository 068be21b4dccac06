import {createInterface} from 'node:readline'
import {RunningProgram, type ProgramEnd} from '../../shared/launch/run-program.js'
import type {Settings} from './settings.js'

export interface GndOptions {
  readonly program: string
  readonly settings: Settings
  /** Where its own port for administrators is. */
  readonly admin: number
  /** Where it looks for files by their CIDs. */
  readonly cwd: string
  readonly manifest: string
}

/** `gnd dev`. It swallows TERM, ends by ABRT after INT, and lives on after a panic, with all its ports closed. */
export class GndProcess {
  private readonly program: RunningProgram
  private readonly ended = new AbortController()
  private panic: Promise<string>
  /** Aborts when it has ended, or cannot come up any more. */
  readonly over: AbortSignal = this.ended.signal

  constructor(options: GndOptions) {
    this.program = new RunningProgram({
      program: options.program,
      args: argumentsOf(options),
      options: {
        cwd: options.cwd,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: environmentOf(options.settings, process.env),
      },
      stopSignal: 'SIGINT',
      force: {signal: 'SIGKILL', afterMs: 3000},
      // It panics then, at length.
      onStop: () => {
        this.mute()
      },
    })
    const {stdout, stderr} = this.program.child
    stdout?.pipe(process.stdout)
    stderr?.pipe(process.stderr)
    this.panic = new Promise((resolve) => {
      for (const stream of [stdout, stderr]) if (stream) watchForPanic(stream, resolve)
    })
  }

  /** Until its end. Throws when it does not come up, which is over when `up` is. */
  async run(up: () => Promise<void>): Promise<ProgramEnd> {
    const starting = up()
    starting.catch(() => undefined)
    const first = await Promise.race([
      starting.then(
        () => 'up' as const,
        (error: unknown) => error as Error,
      ),
      this.panic,
      this.program.ended,
    ])
    if (first === 'up') return this.program.ended
    this.ended.abort(new Error('gnd has ended'))
    return this.neverUp(first)
  }

  private mute(): void {
    const {stdout, stderr} = this.program.child
    for (const stream of [stdout, stderr]) stream?.unpipe().resume()
  }

  private async neverUp(first: Error | ProgramEnd | string): Promise<ProgramEnd> {
    if (typeof first === 'object' && 'asked' in first) {
      if (first.asked) return first
      const panic = await Promise.race([this.panic, Promise.resolve(undefined)])
      throw new Error(
        `gnd ended before it was up (${first.signal ?? first.code})${panic === undefined ? '' : `: ${panic}`}`,
      )
    }
    this.program.kill()
    const {asked, ...end} = await this.program.ended
    if (asked) return {asked, ...end}
    if (typeof first === 'string') throw new Error(`gnd has panicked: ${first}`)
    throw first.name === 'TimeoutError'
      ? new Error('gnd was not up within 50 s: what it printed last says more')
      : first
  }
}

/** Its panic stands in two lines: `thread 'main' (12) panicked at file:1:2:`, and why. */
function watchForPanic(stream: NodeJS.ReadableStream, found: (why: string) => void): void {
  let isNext = false
  createInterface({input: stream}).on('line', (line) => {
    if (isNext && line.trim() !== '') found(line.trim())
    isNext = /^thread '.*panicked at/.test(line)
  })
}

function argumentsOf({settings, admin, manifest}: GndOptions): readonly string[] {
  const {providers, ports} = settings
  return [
    'dev',
    ...['--manifests', manifest],
    ...['--http-port', String(ports.http)],
    ...['--index-node-port', String(ports.status)],
    ...['--metrics-port', String(ports.metrics)],
    ...['--admin-port', String(admin)],
    // Its variable holds one provider.
    ...(providers.length === 1 ? [] : providers.flatMap(({network, url}) => ['--ethereum-rpc', `${network}:${url}`])),
  ]
}

/** Addresses are variables for it, which hold logins. */
function environmentOf({postgres, ipfs, providers}: Settings, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const {ETHEREUM_RPC: _, ...others} = env
  const [{network, url}, ...more] = providers
  const rpc = more.length === 0 ? {ETHEREUM_RPC: `${network}:${url}`} : {}
  return {...others, POSTGRES_URL: postgres, IPFS: ipfs, ...rpc}
}
