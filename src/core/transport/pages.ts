import type {IncomingMessage, ServerResponse} from 'node:http'
import type {Clock} from '../base/clock.js'
import {messageOf} from '../base/errors.js'
import type {Log} from '../base/log.js'
import {refusalOf, type Refusal} from './admission.js'
import type {Listener} from './upgrade.js'

/** What is answered to a plain GET. */
interface Page {
  readonly contentType: string
  readonly text: string
}

/** By the path. */
export type Pages = Readonly<Record<string, () => Promise<Page>>>

export interface PagesOptions {
  readonly token: string
  readonly clock: Clock
  readonly log: Log
  readonly pages?: Pages | undefined
  /** How long the refusal of a bad token is held back. */
  readonly delayOf: (peer: string) => number
}

/** Answers requests that want no upgrade: a page to whoever may come in and asks for one with GET, else a status and not one byte more. */
export function createPages(options: PagesOptions): AnswerRequest {
  const {pages = {}, log} = options
  return (listener, request, response) => {
    const {url = '', method} = request
    const page = method === 'GET' && Object.hasOwn(pages, url) ? pages[url] : undefined
    const path = page === undefined ? undefined : url
    const refusal = refusalOf(request, {token: options.token, hosts: listener.hosts(), path})
    if (url === '/') end(response, 426, {Upgrade: 'websocket'})
    else if (refusal) refuse(refusal, {...options, via: listener.via, peer: request.socket.remoteAddress}, response)
    else if (page) {
      page().then(
        ({contentType, text}) => {
          end(response, 200, {'Content-Type': contentType, 'Cache-Control': 'no-store'}, text)
        },
        (error: unknown) => {
          log.error('a page could not be made', {path: url, error: messageOf(error)})
          end(response, 500)
        },
      )
    }
  }
}

type AnswerRequest = (listener: Listener, request: IncomingMessage, response: ServerResponse) => void

interface Refused extends PagesOptions {
  readonly via: Listener['via']
  readonly peer: string | undefined
}

function refuse({status, reason}: Refusal, {log, clock, delayOf, via, peer}: Refused, response: ServerResponse): void {
  log.warn('refused a request', {via, status, reason})
  if (status !== 401) {
    end(response, status)
    return
  }
  clock.after(delayOf(peer ?? via), () => {
    end(response, status, {'WWW-Authenticate': 'Bearer'})
  })
}

function end(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
  text = '',
): void {
  response.writeHead(status, {Connection: 'close', ...headers, 'Content-Length': Buffer.byteLength(text)}).end(text)
}
