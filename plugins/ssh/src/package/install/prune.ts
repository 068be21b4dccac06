import {names, runThere, type Place} from './place.js'
import {shellWord} from '../../host/shell-words.js'
import {packageEnv} from './deploy.js'
import {readVersion} from './read-version.js'
import {runScript} from './run-script.js'
import {readInstalled, type InstalledVersion} from './state.js'

interface PruneOptions {
  /** How many versions stay, the newest ones. The current one, and the one that a rollback returns to, stay in any case. */
  readonly keep: number
  readonly dryRun: boolean
}

/** Removes old versions. Answers those that went, or would. For who holds the lock. */
export async function prune(place: Place, {keep, dryRun}: PruneOptions): Promise<readonly InstalledVersion[]> {
  const {versions, current, state} = await readInstalled(place)
  const needed = new Set([current, state.previous, state.trial?.id, state.trial?.before])
  const newest = new Set(versions.slice(Math.max(0, versions.length - keep)).map(({id}) => id))
  const surplus = versions.filter(({id}) => !needed.has(id) && !newest.has(id))
  if (!dryRun) for (const {id} of surplus) await remove(place, id)
  return surplus
}

async function remove(place: Place, id: string): Promise<void> {
  const manifest = await readVersion(place, id)
  const script = manifest.scripts.pre_remove
  if (script !== undefined) await runScript(place, {name: 'pre_remove', script, id, env: packageEnv(manifest)})
  place.say(`removing ${id} on ${place.host.name}`)
  // What is removed half is no version.
  const lines = `cd ${shellWord(`${place.root}/${names.versions}`)} && mv ${shellWord(id)} ${shellWord(`${id}.tmp`)} && rm -rf ${shellWord(`${id}.tmp`)}`
  await runThere(place, lines, `remove ${id}`)
}
