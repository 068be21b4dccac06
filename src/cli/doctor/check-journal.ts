import {readdir} from 'node:fs/promises'
import path from 'node:path'
import {isHarnessError, messageOf} from '../../core/base/errors.js'
import {exists} from '../../core/base/private-files.js'
import {recover, type Recovered} from '../../core/store/recover.js'
import {broken, brokenBy, ok, warning, type Verdict} from './finding.js'

const attempts = 5

/** Whether what the daemon has written down can be read. A daemon may write meanwhile: damage counts when it is seen each time. */
export async function checkJournal(store: string): Promise<readonly Verdict[]> {
  if (!(await exists(store))) return [ok('nothing is written down yet')]
  try {
    for (let attempt = 1; ; attempt += 1) {
      const found = await recover(store)
      const damage = damageOf(found, store)
      if (damage === undefined) return [ok(`${found.entries.size} entries`), ...(await keptDamage(store))]
      if (attempt === attempts) return [damage]
    }
  } catch (error) {
    return [isHarnessError(error) ? brokenBy(error) : unreadable(store, error)]
  }
}

function damageOf({journal, badSnapshots, gap}: Recovered, store: string): Verdict | undefined {
  const cut = `harness daemon restart  (keeps what can be read, and puts the rest aside in ${store}/*.corrupt-*)`
  const [snapshot] = badSnapshots
  if (gap)
    return broken('STATE_UNSAFE', 'the journal does not reach back to a snapshot: a part of the state is lost', cut)
  if (snapshot !== undefined) return broken('STATE_UNSAFE', `'${path.join(store, snapshot)}' is damaged`, cut)
  if (journal.tail.length === 0) return undefined
  const said = `'${path.join(store, 'journal')}' cannot be read after byte ${journal.length}: ${journal.tail.length} bytes are no whole records`
  return broken('STATE_UNSAFE', said, cut)
}

function unreadable(store: string, error: unknown): Verdict {
  return broken('STATE_UNSAFE', `'${store}' cannot be read: ${messageOf(error)}`, `ls -l '${store}'`)
}

/** What an earlier daemon put aside is evidence, until somebody has looked at it. */
async function keptDamage(store: string): Promise<readonly Verdict[]> {
  const kept = (await readdir(store)).filter((name) => name.includes('.corrupt-'))
  if (kept.length === 0) return []
  const said = `damage was found earlier and put aside in ${kept.length} ${kept.length === 1 ? 'file' : 'files'}`
  return [warning(said, `rm '${store}'/*.corrupt-*  (once you have looked at them)`)]
}
