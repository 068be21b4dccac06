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

/** Resolves when a node is settled. */
export function whenSettled(node: {view(): NodeView; onChange(listener: () => void): Disposable}): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (!isSettled(node.view())) return
      subscription[Symbol.dispose]()
      resolve()
    }
    const subscription = node.onChange(check)
    check()
  })
}

/** A program that ends within this time after it was ready is a failure of the start that was asked for. */
const settleMs = 200

export interface SettleOptions {
  readonly clock: Clock
  /** How long something that begins again and again is given to hold, in milliseconds. */
  readonly patienceMs: number
}

/**
 * Resolves when a service is settled and still is a moment later, in the same attempt. Answers `false` when it keeps ending and beginning anew
 * until patience is over.
 */
export async function whenSteady(
  node: Parameters<typeof whenSettled>[0] & {readonly record: {readonly attempt: number}},
  {clock, patienceMs}: SettleOptions,
): Promise<boolean> {
  const since = clock.monotonic()
  for (;;) {
    await whenSettled(node)
    const {attempt} = node.record
    await clock.sleep(settleMs)
    if (isSettled(node.view()) && node.record.attempt === attempt) return true
    if (clock.monotonic() - since >= patienceMs) return false
  }
}
