import type {Client} from 'ssh2'
import type {Sessions} from './sessions.js'

/** One link to one machine that has let us in. */
export interface Connection {
  readonly client: Client
  readonly sessions: Sessions
  readonly isOpen: boolean
  /** Calls the listener once, with the reason, when it is over, until what is returned is disposed of. */
  onClosed(listener: (reason: string) => void): Disposable
  close(): void
}

/** Asks the library something that it answers later; rejects too when the link is cut meanwhile, or with the reason of the signal. */
export async function ask<Answer>(
  connection: Connection,
  signal: AbortSignal,
  question: (done: (error: Error | null | undefined, answer: Answer) => void) => void,
): Promise<Answer> {
  signal.throwIfAborted()
  let settle: () => void = () => undefined
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const cut = connection.onClosed((reason) => {
        reject(new LinkCut(reason))
      })
      const stop = (): void => {
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', stop, {once: true})
      settle = () => {
        cut[Symbol.dispose]()
        signal.removeEventListener('abort', stop)
      }
      if (!connection.isOpen) return
      question((error, answer) => {
        if (error) reject(error)
        else resolve(answer)
      })
    })
  } finally {
    settle()
  }
}

/** The link is gone. Its message says why. */
export class LinkCut extends Error {}

/** Acts with a signal that aborts when the link is cut, too. */
export async function withLink<Value>(
  connection: Connection,
  signal: AbortSignal,
  act: (either: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const cut = new AbortController()
  const closed = connection.onClosed((reason) => {
    cut.abort(new LinkCut(reason))
  })
  try {
    return await act(AbortSignal.any([signal, cut.signal]))
  } finally {
    closed[Symbol.dispose]()
  }
}
