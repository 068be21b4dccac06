import type {Address} from './resolve-address.js'

/** `user@host:port`, for people. */
export function nameOf({user, host, port}: Pick<Address, 'host' | 'port' | 'user'>): string {
  return `${user}@${host.includes(':') ? `[${host}]` : host}:${port}`
}
