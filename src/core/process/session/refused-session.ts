import type {Session} from '../../contract/session.js'

/** A session of a command that could not be run, as a shell would report it: 127 when there is none, 126 when it cannot be run. */
export function refusedSession(code: 126 | 127, reason: string): Session {
  const nothing = (): Promise<void> => Promise.resolve()
  return {
    output: {
      [Symbol.asyncIterator]: () => ({next: () => Promise.resolve({done: true as const, value: undefined})}),
    },
    ended: Promise.resolve({by: 'code', code, startFailure: reason}),
    write: nothing,
    endInput: nothing,
    resize: () => undefined,
    signal: () => undefined,
    [Symbol.asyncDispose]: nothing,
  }
}
