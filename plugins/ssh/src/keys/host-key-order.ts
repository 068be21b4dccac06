import type {ServerHostKeyAlgorithm} from 'ssh2'
import type {KnownKey} from './known-hosts.js'

/** Ours, best first; SHA-1 is not among them. */
const algorithms: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

/** Those first for which a key is known: a host with several keys shows the one that can be checked. */
export function hostKeyOrder(known: readonly KnownKey[]): ServerHostKeyAlgorithm[] {
  const types = new Set(known.filter(({marker}) => marker === undefined).map(({type}) => type))
  const isKnown = (algorithm: string): boolean => types.has(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm)
  return [...algorithms.filter(isKnown), ...algorithms.filter((algorithm) => !isKnown(algorithm))]
}
