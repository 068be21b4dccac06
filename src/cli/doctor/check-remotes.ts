import {savedRemotes} from '../../core/client/saved-remotes.js'
import {brokenBy, ok, type Verdict} from './finding.js'

/** What is kept of daemons elsewhere: their public keys and tokens. None of them is asked. */
export async function checkRemotes(directory: string): Promise<readonly Verdict[]> {
  try {
    const {known, tokens, problems} = await savedRemotes(directory)
    if (problems.length > 0) return problems.map(brokenBy)
    if (known === 0 && tokens === 0) return [ok('no daemon elsewhere is known')]
    return [ok(`${known} ${known === 1 ? 'daemon' : 'daemons'} elsewhere known, ${tokens} with a token`)]
  } catch (error) {
    return [brokenBy(error)]
  }
}
