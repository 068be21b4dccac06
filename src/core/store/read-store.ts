import {ensurePrivateDirectory, exists} from '../base/private-files.js'
import {viewOf} from './entries.js'
import {recover} from './recover.js'
import type {StoreView} from './store.js'

/** A daemon may replace files while they are read; it cannot do so this often in a row. */
const attempts = 5

/** The state as it is on disk now: without a lock, without touching anything, empty where there is none. */
export async function readStore(directory: string): Promise<StoreView> {
  if (!(await exists(directory))) return viewOf(new Map())
  await ensurePrivateDirectory(directory)
  for (let attempt = 1; ; attempt += 1) {
    const {entries, gap, badSnapshots} = await recover(directory)
    if (attempt === attempts || (!gap && badSnapshots.length === 0)) return viewOf(entries)
  }
}
