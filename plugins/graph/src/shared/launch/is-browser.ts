import type {IncomingMessage} from 'node:http'

/** A page of somebody else could use a port of this machine, by the browser of whoever looks at it. Kubo tells browsers by this too. */
export function isBrowser({headers}: Pick<IncomingMessage, 'headers'>): boolean {
  const {origin, referer} = headers
  return origin !== undefined || referer !== undefined || (headers['user-agent'] ?? '').startsWith('Mozilla')
}
