import type {ServiceSupervisor} from '../service/supervisor.js'
import type {TaskRunner} from './task-runner.js'

/** A service or a task. */
export type StackNode = ServiceSupervisor | TaskRunner

/** The services and tasks of a stack, which may come and go. */
export interface NodeSource {
  has(name: string): boolean
  /** SERVICE_UNKNOWN for a name that there is not. */
  named(name: string): StackNode
  /** Hears that the stack has been defined anew. */
  onRedefine(listener: () => void): Disposable
}

/** Hears each change of these services and tasks, and of those that `names` names once the stack is defined anew: first that they are there. */
export function watchNodes(
  nodes: NodeSource,
  names: () => readonly string[],
  onChange: (node: StackNode) => void,
): Disposable {
  // One that comes again under its name is another.
  const watches = new Map<StackNode, Disposable>()
  const isThere = (node: StackNode): boolean => nodes.has(node.name) && nodes.named(node.name) === node
  const unwatch = (isOver: (node: StackNode) => boolean): void => {
    for (const [node, watch] of watches) {
      if (!isOver(node)) continue
      watch[Symbol.dispose]()
      watches.delete(node)
    }
  }
  const watchNew = (): readonly StackNode[] => {
    const present = names().filter((name) => nodes.has(name))
    const found = [...new Set(present.map((name) => nodes.named(name)))].filter((node) => !watches.has(node))
    for (const node of found) {
      const tell = (): void => {
        onChange(node)
      }
      watches.set(node, node.onChange(tell))
    }
    return found
  }
  watchNew()
  const redefined = nodes.onRedefine(() => {
    unwatch((node) => !isThere(node))
    for (const node of watchNew()) onChange(node)
  })
  return {
    [Symbol.dispose]() {
      redefined[Symbol.dispose]()
      unwatch(() => true)
    },
  }
}
