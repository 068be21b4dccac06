import {setMaxListeners} from 'node:events'
import {HarnessError} from '../base/errors.js'
import {isJsonObject, type Json, type JsonObject} from '../base/json.js'
import {toErrorObject, type ErrorObject} from '../protocol/errors.js'
import {limits, rpcCodes, type Request} from '../protocol/messages.js'
import {refuse} from '../protocol/parse.js'

/** A request of the other end. Its signal aborts when the other end cancels it, never because the connection was lost. */
export interface IncomingRequest {
  readonly id: number
  readonly method: string
  readonly params: JsonObject
  readonly signal: AbortSignal
}

export type Answer = {readonly error: ErrorObject} | {readonly result: unknown}

/** Answers a request; what it throws is a bug. */
export type RequestHandler = (request: IncomingRequest) => Answer | Promise<Answer>

/** The requests of the other end that are being worked on. */
export class IncomingRequests {
  private readonly running = new Map<number, AbortController>()

  constructor(
    private readonly handler: RequestHandler,
    private readonly send: (message: object) => void,
  ) {}

  async accept({id, method, params}: Request): Promise<void> {
    if (this.running.has(id)) {
      const reason = `its id ${id} belongs to a request that is not answered yet`
      this.send(refuse(rpcCodes.invalidRequest, id, reason).failure)
      return
    }
    if (this.running.size >= limits.requestsInFlight) {
      this.reply(id, {error: toErrorObject(busy(method), method)})
      return
    }
    const controller = new AbortController()
    setMaxListeners(0, controller.signal)
    this.running.set(id, controller)
    const request = {id, method, params: isJsonObject(params) ? params : {}, signal: controller.signal}
    const answer = await this.answer(request)
    this.running.delete(id)
    try {
      this.reply(id, answer)
    } catch (error) {
      // A result that JSON cannot hold.
      this.reply(id, {error: toErrorObject(error, method)})
    }
  }

  cancel(params: Json | undefined): void {
    const id = isJsonObject(params) ? params['id'] : undefined
    if (typeof id !== 'number') return
    this.running.get(id)?.abort(new HarnessError('CANCELLED', {subject: 'request', reason: 'its client took it back'}))
  }

  private async answer(request: IncomingRequest): Promise<Answer> {
    try {
      return await this.handler(request)
    } catch (error) {
      return {error: toErrorObject(error, request.method)}
    }
  }

  private reply(id: number, answer: Answer): void {
    this.send(
      'error' in answer
        ? {jsonrpc: '2.0', id, error: answer.error}
        : {jsonrpc: '2.0', id, result: answer.result ?? null},
    )
  }
}

function busy(method: string): HarnessError {
  return new HarnessError('BUSY', {
    subject: method,
    reason: `this client already waits for ${limits.requestsInFlight} answers`,
  })
}
