/** A process there, never to be mixed up with a later one that got the same number within a boot. */
export interface Process {
  readonly pid: number
  readonly tick: number
}

/** What the records of a run say, and the machine of itself at the same time. */
export interface FoundRun {
  readonly shim: Process
  readonly program: Process
  /** The boot of the machine that it began in. */
  readonly boot: string
  readonly exit?: {readonly code: number; readonly at: number}
  readonly now: {readonly boot: string; readonly seconds: number}
}

/** Reads what the verb `look` answers. */
export function parseRun(text: string): FoundRun {
  const words = new Map(text.split('\n').map((line) => [line.split(' ', 1)[0], line.split(' ').slice(1)] as const))
  const [shim, shimTick, pid, tick, boot = ''] = words.get('run') ?? []
  const [seconds, nowBoot = ''] = words.get('now') ?? []
  const exit = words.get('exit')
  return {
    shim: {pid: Number(shim), tick: Number(shimTick)},
    program: {pid: Number(pid), tick: Number(tick)},
    boot,
    ...(exit && {exit: {code: Number(exit[0]), at: Number(exit[1])}}),
    now: {boot: nowBoot, seconds: Number(seconds)},
  }
}

/** The time of a moment given in seconds since the boot, in milliseconds since the epoch, by the clock of this machine. */
export function timeOf(seconds: number, now: number): number {
  return Math.round(Date.now() - (now - seconds) * 1000)
}

const ticksPerSecond = 100

/** When it began; now, where that was before the machine was started anew. */
export function startOf({program, boot, now}: FoundRun): number {
  return boot === now.boot ? timeOf(program.tick / ticksPerSecond, now.seconds) : Date.now()
}
