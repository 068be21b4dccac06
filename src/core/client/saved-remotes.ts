import {readdir} from 'node:fs/promises'
import {systemCode} from '../base/errors.js'
import {statePaths} from '../base/state-directory.js'
import {checkKnown} from './known-daemons.js'
import {addressOfToken, savedRemoteToken} from './remote-token.js'

interface SavedRemotes {
  /** How many daemons elsewhere are trusted. */
  readonly known: number
  /** How many tokens for daemons elsewhere are kept. */
  readonly tokens: number
  /** What a command about one of them would fail with. */
  readonly problems: readonly unknown[]
}

/** Looks through all that is kept of daemons elsewhere. Asks none of them. */
export async function savedRemotes(stateDirectory: string): Promise<SavedRemotes> {
  const addresses = (await namesIn(statePaths(stateDirectory).remotes)).flatMap((name) => addressOfToken(name) ?? [])
  const [known, ...tokens] = await Promise.allSettled([
    checkKnown(stateDirectory),
    ...addresses.map((address) => savedRemoteToken(stateDirectory, address)),
  ])
  return {
    known: known.status === 'fulfilled' ? known.value : 0,
    tokens: tokens.length,
    problems: [known, ...tokens].flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : [])),
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  })
}
