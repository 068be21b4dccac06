import type {Clock} from '../base/clock.js'
import type {ServiceState, TaskState} from '../contract/service-state.js'
import type {NodeView} from '../service/conditions.js'

const moving: ReadonlySet<ServiceState | TaskState> = new Set([
  'Pending',
  'Restarting',
  'SettingUp',
  'SetupComplete',
  'SetupRequired',
  'Starting',
  'Stopping',
] as const)

/** Nothing more will come of it by itself, as far as the one who asked for it is concerned. */
export function isSettled(view: NodeView): boolean {
  if (view.blockedBy) return true
  if (view.kind === 'task') return view.state !== 'Running' && !moving.has(view.state)
  return view.overdue || !moving.has(view.state)
}

interface Settling {
  view(): NodeView
  onChange(listener: () => void): Disposable
}

/** Resolves when a node is settled, with `true`; or, given a limit, with `false` when that is over. */
export function whenSettled(node: Settling, limit?: {readonly clock: Clock; readonly ms: number}): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (settled: boolean): void => {
      subscription[Symbol.dispose]()
      timer?.[Symbol.dispose]()
      resolve(settled)
    }
    const check = (): void => {
      if (isSettled(node.view())) finish(true)
    }
    const timer = limit?.clock.after(Math.max(0, limit.ms), () => {
      finish(isSettled(node.view()))
    })
    const subscription = node.onChange(check)
    check()
  })
}

/** A program that ends within this time after it was ready is a failure of the start that was asked for. */
const settleMs = 200

export interface SteadyOptions {
  readonly clock: Clock
  /** How long something that begins again and again is given to hold, in milliseconds. */
  readonly patienceMs: number
}

/**
 * Resolves when a service is settled and still is a moment later, in the same attempt. Answers `false` when it keeps ending and beginning anew
 * until patience is over.
 */
export async function whenSteady(
  node: Settling & {readonly record: {readonly attempt: number; readonly restartCount: number}},
  {clock, patienceMs}: SteadyOptions,
): Promise<boolean> {
  const since = clock.monotonic()
  for (;;) {
    const ms = patienceMs - (clock.monotonic() - since)
    const inTime = await whenSettled(node, {clock, ms})
    // One that has not been restarted is just slow: its start timeout speaks.
    if (!inTime && node.record.restartCount > 0) return false
    if (!inTime) await whenSettled(node)
    const {attempt} = node.record
    await clock.sleep(settleMs)
    if (isSettled(node.view()) && node.record.attempt === attempt) return true
    if (clock.monotonic() - since >= patienceMs && node.record.restartCount > 0) return false
  }
}
