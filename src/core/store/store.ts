import type {HarnessError} from '../base/errors.js'
import type {Json} from '../base/json.js'

/** One change of the state: `undefined` removes the key. */
export interface Change {
  readonly key: string
  readonly value: Json | undefined
}

/** What can be asked of the state, also of a daemon's that does not run. */
export interface StoreView {
  get(key: string): Json | undefined
  /** All entries whose key starts with `prefix`, in key order. */
  entries(prefix: string): readonly (readonly [key: string, value: Json])[]
}

/** The daemon's memory: keys (`service/<stack>/<name>`) and JSON values, durable once `commit` resolves. */
export interface Store extends StoreView, AsyncDisposable {
  /**
   * Applies all changes or none, visible to `get` at once, and resolves when they are on disk (commits of one event-loop turn share one sync).
   * Rejects with STATE_WRITE_FAILED when the disk refuses; the changes are then undone, and later commits may succeed again.
   */
  commit(changes: readonly Change[]): Promise<void>
  /** Why nothing will be written any more, whatever is tried: a sync has failed. `undefined` while that is not so. */
  readonly problem: HarnessError | undefined
}
