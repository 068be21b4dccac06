import type {WorkloadHandle} from '../contract/workload.js'

/** Waits once for the end of each workload, however many ask: a promise would keep every reader that has long left. */
export class WorkloadEnds {
  private readonly listeners = new WeakMap<WorkloadHandle, Set<() => void>>()

  /** Resolves when the workload has ended, or when `signal` aborts. */
  of(handle: WorkloadHandle, signal: AbortSignal): Promise<void> {
    const listeners = this.listenersOf(handle)
    return new Promise((resolve) => {
      const done = (): void => {
        listeners.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      listeners.add(done)
      if (signal.aborted) done()
      else signal.addEventListener('abort', done, {once: true})
    })
  }

  private listenersOf(handle: WorkloadHandle): Set<() => void> {
    const known = this.listeners.get(handle)
    if (known) return known
    const listeners = new Set<() => void>()
    this.listeners.set(handle, listeners)
    const tell = (): void => {
      this.listeners.delete(handle)
      for (const listener of [...listeners]) listener()
    }
    handle.wait().then(tell, tell)
    return listeners
  }
}
