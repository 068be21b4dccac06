import {abortReason, systemClock} from '../base/clock.js'
import type {CommandSpec, ExitStatus} from '../contract/command.js'
import type {ExecResult} from '../contract/workload.js'
import {whyNotLaunchable} from './check-launch.js'
import {findProgram} from './find-program.js'

const outputLimit = 1024 * 1024
/** How long output may still come after the program's end, when something it left behind holds the pipe. */
const drainMs = 200

/**
 * Runs a command to its end in a process group of its own and collects what it prints, at most 1 MiB of each stream. The group is
 * killed when `signal` aborts, and what is left of it at the end. A program that cannot be run answers with 126 or 127, as in a shell.
 */
export async function runCommand(command: CommandSpec, signal: AbortSignal): Promise<ExecResult> {
  if (signal.aborted) throw abortReason(signal)
  const cwd = command.cwd ?? process.cwd()
  const found = findProgram(command.program, cwd, command.env)
  if ('reason' in found) return refused(127, found.reason)
  const refusal = whyNotLaunchable({args: command.args, cwd, env: command.env})
  if (refusal !== undefined) return refused(126, refusal)
  return runFound(found.path, {...command, cwd}, signal)
}

function refused(code: number, reason: string): ExecResult {
  return {status: {by: 'code', code, startFailure: reason}, stdout: '', stderr: reason}
}

async function runFound(
  program: string,
  command: CommandSpec & {readonly cwd: string},
  signal: AbortSignal,
): Promise<ExecResult> {
  const {execa} = await import('execa')
  const child = execa(program, [...command.args], {
    cwd: command.cwd,
    env: command.env,
    extendEnv: false,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stripFinalNewline: false,
    ...inputOf(command),
  })
  if (isHeld(command)) {
    child.stdin.on('error', () => undefined)
    child.stdin.write(command.lead ?? '')
  }
  const stdout = collect(child.stdout)
  const stderr = collect(child.stderr)
  const kill = (): void => {
    killGroup(child.pid)
  }
  signal.addEventListener('abort', kill, {once: true})
  if (signal.aborted) kill()
  const close = (): void => {
    child.stdout.destroy()
    child.stderr.destroy()
  }
  let drain: Disposable | undefined
  child.once('exit', () => {
    kill()
    drain = systemClock.after(drainMs, close)
  })
  try {
    const result = await child
    if (signal.aborted) throw abortReason(signal)
    return {status: toStatus(result), stdout: stdout(), stderr: stderr()}
  } finally {
    signal.removeEventListener('abort', kill)
    drain?.[Symbol.dispose]()
  }
}

function inputOf(command: CommandSpec): {readonly input: string} | {readonly stdin: 'ignore' | 'pipe'} {
  const {stdin, lead} = command
  if (typeof stdin === 'object') return {input: `${lead ?? ''}${stdin.text}`}
  return {stdin: isHeld(command) ? 'pipe' : 'ignore'}
}

/** Its input stays open as long as it runs. */
function isHeld({stdin, lead}: CommandSpec): boolean {
  return stdin === 'open' || (stdin === undefined && lead !== undefined)
}

function toStatus(result: {
  readonly exitCode?: number | undefined
  readonly signal?: NodeJS.Signals | undefined
  readonly originalMessage?: string | undefined
}): ExitStatus {
  if (result.signal !== undefined) return {by: 'signal', signal: result.signal}
  if (result.exitCode !== undefined) return {by: 'code', code: result.exitCode}
  return {by: 'code', code: 126, startFailure: result.originalMessage ?? 'the system refused to run it'}
}

/** Keeps the beginning and goes on reading, so that a program which prints more is not held up. */
function collect(stream: NodeJS.ReadableStream): () => string {
  const parts: Buffer[] = []
  let size = 0
  stream.on('data', (chunk: Buffer) => {
    const room = outputLimit - size
    if (room <= 0) return
    parts.push(chunk.subarray(0, room))
    size += Math.min(chunk.length, room)
  })
  return () => Buffer.concat(parts).toString('utf8')
}

/** Called while its leader lives, or in the same moment as its end is noticed. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    return
  }
}
