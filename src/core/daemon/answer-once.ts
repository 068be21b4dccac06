import {createHash} from 'node:crypto'
import {canonicalJson} from '../base/json.js'
import {abortable} from '../process/abortable.js'
import type {Call, Handle} from '../transport/connection.js'
import type {Once} from './once.js'

/**
 * Does what has a `requestId` once: whoever asks again, with the same params, gets the answer of the first, also while that is under way. A
 * request that is taken back is answered at once; whether its work goes on is up to the method.
 */
export function answerOnce(once: Once, handle: Handle): Handle {
  return (method, params, call) => {
    const {requestId} = params
    if (typeof requestId !== 'string') return handle(method, params, call)
    const work = (): Promise<unknown> =>
      new Promise((resolve) => {
        resolve(handle(method, params, whileAsked(call)))
      })
    return abortable(once.run(`${method} ${requestId}`, fingerprint(params), work), call.signal)
  }
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
