import type {Clock} from '../base/clock.js'
import type {ExitStatus} from '../contract/command.js'
import type {CommandLine} from '../contract/stack.js'
import type {WorkloadHandle} from '../contract/workload.js'

export interface StopWish {
  /** How long it may take to end by itself, in milliseconds. */
  readonly graceMs: number
  readonly signal: NodeJS.Signals
  /** Asks it to end instead of the signal. What is left after it is asked by signal. */
  readonly command: CommandLine | undefined
  /** The grace is over at once when this aborts. */
  readonly hurry: AbortSignal
  readonly clock: Clock
}

/** Ends a workload: politely within its grace, then by force. Resolves when nothing of it is left. */
export async function stopWorkload(handle: WorkloadHandle, wish: StopWish): Promise<ExitStatus> {
  const {signal, hurry, clock} = wish
  const began = clock.monotonic()
  const forced = new Promise<ExitStatus>((resolve, reject) => {
    hurry.addEventListener('abort', () => void handle.stop({graceMs: 0, signal: 'SIGKILL'}).then(resolve, reject), {
      once: true,
    })
  })
  if (!hurry.aborted && wish.command) await askByCommand(handle, wish.command, wish)
  const graceMs = hurry.aborted ? 0 : Math.max(0, wish.graceMs - (clock.monotonic() - began))
  return Promise.race([handle.stop({graceMs, signal}), forced])
}

/** Resolves when the workload has ended, when its grace is over, or when the command could not ask it. */
async function askByCommand(handle: WorkloadHandle, command: CommandLine, wish: StopWish): Promise<void> {
  const over = new AbortController()
  const end = (): void => {
    over.abort()
  }
  using _grace = wish.clock.after(wish.graceMs, end)
  wish.hurry.addEventListener('abort', end, {once: true})
  const {signal} = over
  const asked = handle
    .exec?.({...command, env: {}}, signal)
    .then(({status}) => status.by === 'code' && status.code === 0)
  const ended = handle.wait(signal).then(() => undefined)
  const heard = (await asked?.catch(() => false)) ?? false
  if (heard) await ended.catch(() => undefined)
  else ended.catch(() => undefined)
  end()
  wish.hurry.removeEventListener('abort', end)
}
