import {abortReason} from '../base/clock.js'
import type {HarnessError} from '../base/errors.js'
import type {Json} from '../base/json.js'
import {fromErrorObject} from '../protocol/errors.js'
import type {Failure, Notification, Success} from '../protocol/messages.js'

export interface RequestOptions {
  /** Cancels the request: the other end is told, and the promise rejects with the signal's reason at once. */
  readonly signal?: AbortSignal
  /** Hears under which id it is sent, before it is. */
  readonly onSent?: (id: number) => void
  /** Hears the notifications that carry this request's id, in order, all before the answer. */
  readonly onNotification?: (notification: Notification) => void
}

interface Waiting {
  readonly subject: string
  readonly onNotification: ((notification: Notification) => void) | undefined
  readonly resolve: (result: Json) => void
  readonly reject: (error: Error) => void
}

/** The requests that this end has sent and that have no answer yet. */
export class PendingRequests {
  private readonly waiting = new Map<number, Waiting>()
  private lastId = 0
  private lost: HarnessError | undefined

  /** `send` gets the new id; `cancel` is called when the signal aborts first. */
  open(
    request: {readonly subject: string; readonly send: (id: number) => void; readonly cancel: (id: number) => void},
    {signal, onNotification}: RequestOptions,
  ): Promise<Json> {
    if (this.lost) return Promise.reject(this.lost)
    if (signal?.aborted) return Promise.reject(abortReason(signal))
    this.lastId += 1
    const id = this.lastId
    return new Promise<Json>((resolve, reject) => {
      const onAbort = (): void => {
        this.waiting.delete(id)
        request.cancel(id)
        reject(abortReason(signal))
      }
      const settle = <Value>(then: (value: Value) => void) => {
        return (value: Value): void => {
          signal?.removeEventListener('abort', onAbort)
          then(value)
        }
      }
      signal?.addEventListener('abort', onAbort, {once: true})
      this.waiting.set(id, {subject: request.subject, onNotification, resolve: settle(resolve), reject: settle(reject)})
      try {
        request.send(id)
      } catch (error) {
        this.waiting.delete(id)
        signal?.removeEventListener('abort', onAbort)
        reject(error instanceof Error ? error : new Error(String(error)))
      }
    })
  }

  /** Hands an answer to whoever waits for it. One that nobody waits for any more was cancelled. */
  answer(message: Failure | Success): void {
    if (typeof message.id !== 'number') return
    const waiting = this.waiting.get(message.id)
    this.waiting.delete(message.id)
    if ('error' in message) waiting?.reject(fromErrorObject(message.error, waiting.subject))
    else waiting?.resolve(message.result)
  }

  /** Hands a notification to the request whose id it carries. False when there is no such request. */
  notify(id: unknown, notification: Notification): boolean {
    const waiting = typeof id === 'number' ? this.waiting.get(id) : undefined
    waiting?.onNotification?.(notification)
    return waiting !== undefined
  }

  /** The connection is gone: all waiting requests, and all later ones, reject with this. */
  lose(error: HarnessError): void {
    this.lost = error
    for (const waiting of this.waiting.values()) waiting.reject(error)
    this.waiting.clear()
  }
}
