import {execFileSync, spawn, type ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {bin, type Sandbox} from './harness.js'

/** A command that goes on, and what it has said so far. */
export interface Heard {
  readonly child: ChildProcess
  /** Of standard output. */
  out(): string
  /** Of both, as it came. */
  text(): string
}

/** Starts a command and hears what it says. */
export function beginHeard(sandbox: Sandbox, ...args: readonly string[]): Heard {
  return hear(spawn(process.execPath, [bin, ...args], {cwd: sandbox.folder, env: sandbox.env}))
}

/** Starts a command on a terminal of its own: what is written to its standard input is typed there. */
export function beginOnTerminal(sandbox: Sandbox, ...args: readonly string[]): Heard {
  const command = [process.execPath, bin, ...args].join(' ')
  const options = {cwd: sandbox.folder, env: sandbox.env}
  return hear(spawn('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null'], options))
}

/** Whether this machine can give a command a terminal. */
export function hasTerminals(): boolean {
  try {
    return execFileSync('script', ['--version'], {encoding: 'utf8'}).includes('util-linux')
  } catch {
    return false
  }
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** How a command ends. */
export async function endOf({child}: Heard): Promise<Ended> {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return {code, signal}
}

function hear(child: ChildProcess): Heard {
  let out = ''
  let text = ''
  child.stdout?.on('data', (part: Buffer) => {
    out += part.toString()
    text += part.toString()
  })
  child.stderr?.on('data', (part: Buffer) => {
    text += part.toString()
  })
  return {child, out: () => out, text: () => text}
}
