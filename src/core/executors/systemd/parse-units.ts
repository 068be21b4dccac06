/** How systemd sees a unit. */
export interface UnitState {
  /** `loaded`, `not-found`, `masked`, `bad-setting`, `error`. */
  readonly load: string
  /** What is wrong with its file. */
  readonly loadError: string
  /** `active`, `reloading`, `activating`, `deactivating`, `inactive`, `failed`. */
  readonly active: string
  readonly sub: string
  /** 0: none. */
  readonly mainPid: number
  /** Something is to happen to it: while it is restarted it is down for a moment. */
  readonly hasJob: boolean
  /** Differs for each of its starts. Empty before the first, and once systemd has forgotten it. */
  readonly invocation: string
  /** `success`, `exit-code`, `signal`, `oom-kill`, … */
  readonly result: string
  /** As in `waitid`: 1 exited, 2 killed, 3 dumped core; 0: it is not known. */
  readonly exitKind: number
  /** An exit code, or the number of a signal. */
  readonly exitValue: number
  /** When it became active, in microseconds of the monotonic clock. */
  readonly activeSince: number
  /** Of all that it has started, where systemd counts it: in nanoseconds. */
  readonly cpuNs: number | undefined
  /** In bytes. */
  readonly memory: number | undefined
  readonly memoryMax: number | undefined
}

/** What is asked for. */
export const unitProperties = [
  ...['LoadState', 'LoadError', 'ActiveState', 'SubState', 'MainPID', 'InvocationID', 'Result', 'ExecMainCode'],
  ...['ExecMainStatus', 'ActiveEnterTimestampMonotonic', 'CPUUsageNSec', 'MemoryCurrent', 'MemoryMax', 'Job'],
] as const

/** Reads what `systemctl show` prints: a block of `Name=value` for each unit, with an empty line between two. */
export function parseUnits(text: string): readonly UnitState[] {
  return text
    .split(/\n\n+/)
    .filter((block) => block.trim() !== '')
    .map((block) => toState(parseBlock(block)))
}

/** Something of it runs, or is about to. */
export function isUp({active, hasJob}: UnitState): boolean {
  return hasJob || active === 'active' || active === 'reloading' || active === 'activating' || active === 'deactivating'
}

function parseBlock(block: string): ReadonlyMap<string, string> {
  return new Map(
    block.split('\n').map((line) => {
      const at = line.indexOf('=')
      return [line.slice(0, at), line.slice(at + 1)] as const
    }),
  )
}

function toState(values: ReadonlyMap<string, string>): UnitState {
  const text = (name: (typeof unitProperties)[number]): string => values.get(name) ?? ''
  const number = (name: (typeof unitProperties)[number]): number => toNumber(text(name)) ?? 0
  return {
    load: text('LoadState'),
    loadError: text('LoadError'),
    active: text('ActiveState'),
    sub: text('SubState'),
    mainPid: number('MainPID'),
    hasJob: number('Job') !== 0,
    invocation: text('InvocationID'),
    result: text('Result'),
    exitKind: number('ExecMainCode'),
    exitValue: number('ExecMainStatus'),
    activeSince: number('ActiveEnterTimestampMonotonic'),
    cpuNs: toNumber(text('CPUUsageNSec')),
    memory: toNumber(text('MemoryCurrent')),
    memoryMax: toNumber(text('MemoryMax')),
  }
}

/** `[not set]`, `infinity`, and the largest number of 64 bits, which older versions say instead, are none. */
function toNumber(text: string): number | undefined {
  if (!/^\d+$/.test(text) || text === '18446744073709551615') return undefined
  return Number(text)
}
