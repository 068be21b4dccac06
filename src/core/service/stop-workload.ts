import type {Clock} from '../base/clock.js'
import {messageOf} from '../base/errors.js'
import type {Log} from '../base/log.js'
import type {ExitStatus} from '../contract/command.js'
import type {CommandLine} from '../contract/stack.js'
import type {WorkloadHandle} from '../contract/workload.js'
import {describeExit} from '../process/describe-exit.js'
import type {HostExec} from './attempt-watch.js'

export interface StopWish {
  /** How long it may take to end by itself, in milliseconds. */
  readonly graceMs: number
  readonly signal: NodeJS.Signals | undefined
  /** Asks it to end instead of the signal. What is left after it is asked by signal. */
  readonly command: CommandLine | undefined
  /** The grace is over at once when this aborts. */
  readonly hurry: AbortSignal
  readonly clock: Clock
  readonly log: Log
  /** For executors that cannot run a command where the workload is. */
  readonly hostExec: HostExec
}

/** Ends a workload: politely within its grace, then by force. Resolves when nothing of it is left. */
export async function stopWorkload(handle: WorkloadHandle, wish: StopWish): Promise<ExitStatus> {
  const {signal, hurry, clock} = wish
  const began = clock.monotonic()
  let force = (): void => undefined
  const forced = new Promise<ExitStatus>((resolve, reject) => {
    force = () => void handle.stop({graceMs: 0, signal: 'SIGKILL'}).then(resolve, reject)
  })
  forced.catch(() => undefined)
  hurry.addEventListener('abort', force, {once: true})
  try {
    if (!hurry.aborted && wish.command) await askByCommand(handle, wish.command, wish)
    const graceMs = hurry.aborted ? 0 : Math.max(0, wish.graceMs - (clock.monotonic() - began))
    return await Promise.race([handle.stop({graceMs, ...(signal && {signal})}), forced])
  } finally {
    hurry.removeEventListener('abort', force)
  }
}

/** Resolves when the workload has ended, when its grace is over, or when the command could not ask it. */
async function askByCommand(handle: WorkloadHandle, command: CommandLine, wish: StopWish): Promise<void> {
  const over = new AbortController()
  const end = (): void => {
    over.abort(new Error('the grace is over'))
  }
  using _grace = wish.clock.after(wish.graceMs, end)
  wish.hurry.addEventListener('abort', end, {once: true})
  const ended = handle.wait(over.signal).then(
    () => true,
    () => true,
  )
  try {
    const heard = await Promise.race([ended, asked(handle, command, wish, over.signal)])
    if (heard) await ended
  } finally {
    end()
    wish.hurry.removeEventListener('abort', end)
  }
}

/** Whether the command could ask. One that could not says why in the daemon's log. */
async function asked(
  handle: WorkloadHandle,
  command: CommandLine,
  {log, hostExec}: StopWish,
  signal: AbortSignal,
): Promise<boolean> {
  const tell = (error: string): false => {
    if (!signal.aborted) log.warn('a stop command failed', {workload: handle.id, program: command.program, error})
    return false
  }
  try {
    const spec = {...command, env: {}}
    const {status} = await (handle.exec ? handle.exec(spec, signal) : hostExec(spec, signal))
    return (status.by === 'code' && status.code === 0) || tell(describeExit(status))
  } catch (error) {
    return tell(messageOf(error))
  }
}
