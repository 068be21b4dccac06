import {HarnessError} from '../base/errors.js'

/** Reads the address of a daemon, `wss://HOST:PORT`. USAGE for anything else; what could hold a secret is not repeated. */
export function daemonUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isBare = url?.pathname === '/' && !url.search && !url.username && !url.password && !url.hash
  if (url?.protocol === 'wss:' && isBare) return url
  throw new HarnessError('USAGE', {
    subject: url ? addressOf(url) : 'the address of the daemon',
    reason: 'expected wss://HOST:PORT and nothing more',
    hint: 'Write wss://build.example.org:9443, for one.',
  })
}

/** `wss://host:port`, without anything that could hold a secret. */
export function addressOf(url: URL): string {
  return `${url.protocol}//${url.host}`
}
