import {tilde} from '../address/expand-file.js'
import type {Address} from '../address/resolve-address.js'
import type {Errors} from '../problem.js'
import {nameOf} from '../address/name-of.js'
import {fingerprint, judge, typeOfKey, type KnownKey} from './known-hosts.js'

/** `undefined` when the key is that of the host; else the error that says what to do. */
export function hostKeyProblem(
  errors: Errors,
  address: Address,
  keys: readonly KnownKey[],
  shown: Buffer,
): Error | undefined {
  const verdict = judge(keys, address, shown)
  const subject = nameOf(address)
  const now = `${typeOfKey(shown)} ${fingerprint(shown)}`
  const {trustCommand} = address
  switch (verdict.is) {
    case 'known':
      return undefined
    case 'revoked':
      return errors.error('SSH_HOST_REVOKED', {
        subject,
        reason: `it shows ${now}, which ${tilde(verdict.by.at)} has revoked`,
      })
    case 'changed':
      return errors.error('SSH_HOST_CHANGED', {
        subject,
        reason: `it shows ${now}, where ${tilde(verdict.from.at)} has ${verdict.from.type} ${fingerprint(verdict.from.key)}`,
        hint: `Find out whether its key was made anew; otherwise somebody is in between. Then run \`${trustCommand} --replace\`.`,
      })
    case 'unknown':
      return errors.error('SSH_HOST_UNKNOWN', {
        subject,
        reason: `it shows ${now}, ${whatIsKnown(verdict.others, address)}`,
        hint: `Compare the fingerprint with that of the host, then run \`${trustCommand}\`.`,
      })
  }
}

function whatIsKnown(others: readonly KnownKey[], {knownHosts: {user, system}}: Address): string {
  const authority = others.find(({marker}) => marker === 'cert-authority')
  if (authority)
    return `and ${tilde(authority.at)} trusts it by the certificates of an authority, which harness does not know how to check`
  const [other] = others
  if (other) return `and of its keys only ${other.type} is known (${tilde(other.at)})`
  return `which none of ${[...user, ...system].map(tilde).join(', ')} has`
}
