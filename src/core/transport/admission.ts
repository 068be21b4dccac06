import {createHash, timingSafeEqual} from 'node:crypto'
import type {IncomingMessage} from 'node:http'

export interface AdmissionRules {
  readonly token: string
  /** Values that the Host header may have on this listener. */
  readonly hosts: readonly string[]
  /** The path that is asked for; `undefined`: there is none that could be. @default '/' */
  readonly path?: string | undefined
}

export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 503
  /** For the daemon's log. Never holds what the client sent. */
  readonly reason: string
}

/**
 * Decides whether a request may become a connection, or be answered. Browsers give themselves away by Origin, rebound names by Host; the token
 * counts only in the Authorization header, and every header that decides must be there exactly once.
 */
export function refusalOf(request: IncomingMessage, rules: AdmissionRules): Refusal | undefined {
  const headers = request.headersDistinct
  if (headers['origin'] !== undefined) return {status: 403, reason: 'it has an Origin'}
  const host = headers['host']
  if (host?.length !== 1 || !rules.hosts.includes(host[0]?.toLowerCase() ?? '')) {
    return {status: 403, reason: 'its Host is not ours'}
  }
  if (request.url !== ('path' in rules ? rules.path : '/')) return {status: 404, reason: 'nothing is at its path'}
  const authorization = headers['authorization']
  if (authorization === undefined) return {status: 401, reason: 'it has no token'}
  return showsToken(authorization, rules.token) ? undefined : {status: 401, reason: 'its token is wrong'}
}

function showsToken(authorization: readonly string[], token: string): boolean {
  const [value = ''] = authorization
  const shown = authorization.length === 1 ? /^Bearer ([^ ]+)$/i.exec(value)?.[1] : undefined
  return shown !== undefined && sameText(shown, token)
}

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/** Host headers that name a listener on loopback at this port. */
export function loopbackHosts(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]
}

/** Compares in a time that depends on neither text. */
function sameText(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
