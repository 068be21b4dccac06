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
