import {applyChanges, viewOf, type Entries} from './entries.js'
import {commitText, parseCommit} from './format.js'
import type {Store} from './store.js'

/** A store that forgets: for the tests of other rooms, and for programs that keep no state. Values are copied as on disk. */
export function memoryStore(): Store {
  const entries: Entries = new Map()
  return {
    ...viewOf(entries),
    problem: undefined,
    commit(changes) {
      return new Promise((resolve) => {
        const copy = parseCommit(JSON.parse(commitText({seq: 0, changes})))
        applyChanges(entries, copy?.changes ?? [])
        resolve()
      })
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
