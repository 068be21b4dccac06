import {createHash} from 'node:crypto'
import {canonicalJson} from '../base/json.js'
import {abortable} from '../process/abortable.js'
import {HarnessError} from '../base/errors.js'
import {limits} from '../protocol/messages.js'
import type {Call, Connection, Handle} from '../transport/connection.js'
import type {Once} from './once.js'

/**
 * Does what has a `requestId` once: whoever asks again, with the same params, gets the answer of the first, also while that is under way. A
 * request that is taken back is answered at once; whether its work goes on is up to the method. Work that goes on counts for its client until
 * it is done: BUSY for what is too much.
 */
export function answerOnce(once: Once, handle: Handle): Handle {
  const unfinished = new WeakMap<Connection, number>()
  const count = ({connection}: Call, change: number): void => {
    unfinished.set(connection, (unfinished.get(connection) ?? 0) + change)
  }
  return (method, params, call) => {
    const {requestId} = params
    if (typeof requestId !== 'string') return handle(method, params, call)
    const work = async (): Promise<unknown> => {
      if ((unfinished.get(call.connection) ?? 0) >= limits.requestsInFlight) throw busy(method)
      count(call, 1)
      try {
        return await handle(method, params, whileAsked(call))
      } finally {
        count(call, -1)
      }
    }
    return abortable(once.run(`${method} ${requestId}`, fingerprint(params), work), call.signal)
  }
}

function busy(method: string): HarnessError {
  return new HarnessError('BUSY', {
    subject: method,
    reason: `the daemon still works on ${limits.requestsInFlight} requests of this client, some of which it took back`,
  })
}

/** Once its answer is out, the id of a request may be that of another one. */
function whileAsked(call: Call): Call {
  return {
    ...call,
    progress(payload) {
      if (!call.signal.aborted) call.progress(payload)
    },
    notify(method, payload) {
      if (!call.signal.aborted) call.notify(method, payload)
    },
  }
}

/** Params may hold secrets and be large: only their hash is kept. */
function fingerprint(params: object): string {
  return createHash('sha256').update(canonicalJson(params)).digest('base64')
}
