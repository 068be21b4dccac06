import {nameOf} from '../address/name-of.js'
import {tilde} from '../address/expand-file.js'
import type {Address} from '../address/resolve-address.js'
import {wordsOf, type Errors} from '../problem.js'
import {hostKeyProblem} from './check-host-key.js'
import {fingerprint, judge, knownOf, readKnownHosts, typeOfKey, type KnownKey} from './known-hosts.js'
import {addKnownHost, removeKnownHosts} from './write-known-host.js'

/** What became of it. */
export interface Trusted {
  readonly host: string
  readonly type: string
  readonly fingerprint: string
  /** `false`: it was known already. */
  readonly isNew: boolean
  /** Where it stands now; `undefined` when it was known already. */
  readonly file?: string
}

export interface TrustOptions {
  /** What was known before goes, also where it is another key. */
  readonly isReplacing: boolean
  /** Decides. Its argument is what is shown to a person. */
  readonly confirm: (key: {readonly host: string; readonly type: string; readonly fingerprint: string}) => Promise<void>
}

/** Writes the key that a host shows into the user's file, once somebody has said yes. */
export async function trustHost(
  errors: Errors,
  address: Address,
  shown: Buffer,
  {isReplacing, confirm}: TrustOptions,
): Promise<Trusted> {
  const {user, system} = address.knownHosts
  const keys = await readKnownHosts([...user, ...system])
  const verdict = judge(keys, address, shown)
  const key = {host: nameOf(address), type: typeOfKey(shown), fingerprint: fingerprint(shown)}
  if (verdict.is === 'known') return {...key, isNew: false}
  const isRefused = verdict.is === 'revoked' || (verdict.is === 'changed' && !isReplacing)
  const problem = isRefused ? hostKeyProblem(errors, address, keys, shown) : undefined
  if (problem) throw problem
  const [file] = user
  if (file === undefined || file === '/dev/null')
    throw errors.error('SSH_CONFIG_INVALID', {
      subject: address.alias,
      reason: "its 'UserKnownHostsFile' keeps nothing",
      hint: "Name a file with 'UserKnownHostsFile' in ~/.ssh/config.",
    })
  await confirm(key)
  const old = verdict.is === 'changed' ? sameKind(keys, address, verdict.from) : []
  const foreign = old.find((one) => !user.includes(one.file))
  if (foreign)
    throw errors.error('SSH_HOST_CHANGED', {
      subject: key.host,
      reason: `the old key stands in ${foreign.at}, which is not this user's`,
      hint: 'Have it removed there by who looks after this machine.',
    })
  try {
    // The new one first: what goes wrong leaves more behind, not less.
    await addKnownHost(file, address, shown)
    for (const one of user) await removeKnownHosts(one, old)
  } catch (error) {
    throw errors.error('SSH_REFUSED', {
      subject: key.host,
      reason: `its key could not be written into ${tilde(file)} (${wordsOf(error)})`,
      hint: 'See who may write there, and how much room is left.',
    })
  }
  return {...key, isNew: true, file}
}

/** All keys of that kind that are known by that name: one of them would make the new one a changed one again. */
function sameKind(keys: readonly KnownKey[], address: Address, {type}: KnownKey): readonly KnownKey[] {
  return knownOf(keys, address).filter((key) => key.marker === undefined && key.type === type)
}
