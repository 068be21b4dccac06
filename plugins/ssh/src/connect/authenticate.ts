import type {AnyAuthMethod, AuthHandlerMiddleware, AuthenticationType} from 'ssh2'
import {nameOf} from '../address/name-of.js'
import {tilde} from '../address/expand-file.js'
import type {Address} from '../address/resolve-address.js'
import type {Errors} from '../problem.js'
import type {Identities} from './identities.js'

/** Proves who we are, and remembers how it went. */
export interface Authentication {
  readonly handler: AuthHandlerMiddleware
  /** The library goes on after it. */
  note(reason: string): void
  /** Why the host did not let us in. */
  problem(errors: Errors): Error
}

/** Keys only, one after the other. The host is first asked what it takes: some let in whoever reaches them. */
export function authentication(address: Address, {candidates, notes, encrypted}: Identities): Authentication {
  const username = address.user
  const left = [...candidates]
  const tried: string[] = []
  const said = [...notes]
  let methods: readonly AuthenticationType[] | undefined
  const next = (offered: readonly AuthenticationType[] | null): AnyAuthMethod | false => {
    if (offered === null) return {type: 'none', username}
    methods = offered
    const candidate = offered.includes('publickey') ? left.shift() : undefined
    if (!candidate) return false
    tried.push(candidate.name)
    const {by} = candidate
    return 'agent' in by ? {type: 'agent', username, agent: by.agent} : {type: 'publickey', username, key: by.key}
  }
  return {
    // Its types leave out that the first call knows of no methods, and that `false` is the end.
    handler: (offered, _isPartial, done) => {
      done(next(offered) as AnyAuthMethod)
    },
    note: (reason) => said.push(reason),
    problem: (errors) => {
      const takesKeys = methods?.includes('publickey') ?? true
      const reasons = [
        takesKeys
          ? tried.length === 0
            ? 'there is no key to try'
            : `none of these keys was taken: ${tried.join(', ')}`
          : `it takes ${methods?.join(', ') ?? 'nothing'}, and harness has keys only`,
        ...(takesKeys ? said : []),
      ]
      return errors.error('SSH_AUTH_FAILED', {
        subject: nameOf(address),
        reason: reasons.join('; '),
        hint: hintFor(address, encrypted, takesKeys),
      })
    },
  }
}

function hintFor({user, alias}: Address, [encrypted]: readonly string[], takesKeys: boolean): string {
  if (!takesKeys) return "Let its sshd take public keys ('PubkeyAuthentication yes')."
  if (encrypted !== undefined)
    return `Load the key into the agent with \`ssh-add ${tilde(encrypted)}\`, or give its passphrase with 'passphrase' from a secret.`
  return `Add a public key to ~/.ssh/authorized_keys of ${user} there (\`ssh-copy-id ${user}@${alias}\`), or name another key with 'key'.`
}
