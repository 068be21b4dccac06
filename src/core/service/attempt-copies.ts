import {mkdir, readdir, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {isJsonObject} from '../base/json.js'
import {copyText, readCopy} from './copy-file.js'
import type {AttemptRecord} from './record.js'

const ending = '.json'

/**
 * What the journal says of each attempt of a service, once more, beside the attempt's run directory: enough to find what runs when the journal
 * is damaged or lost. Not synced: what a crash of the machine would take with it does not run any more either.
 */
export class AttemptCopies {
  constructor(private readonly folder: string) {}

  async keep(attempt: AttemptRecord): Promise<void> {
    await mkdir(this.folder, {recursive: true, mode: 0o700})
    await writeFile(this.fileOf(attempt.instance), copyText(attempt), {flag: 'wx', mode: 0o600})
  }

  async drop({instance}: AttemptRecord): Promise<void> {
    await rm(this.fileOf(instance), {force: true})
  }

  /** Those that are not `known`, the newest first. What cannot be read is no copy. */
  async others(known: ReadonlySet<string>): Promise<readonly AttemptRecord[]> {
    const files = await readdir(this.folder).catch(() => [])
    const unknown = files.filter((name) => name.endsWith(ending) && !known.has(path.basename(name, ending)))
    const copies = await Promise.all(unknown.map((name) => readCopy(path.join(this.folder, name))))
    return copies
      .flatMap((copy) => (isAttempt(copy) ? [copy] : []))
      .sort((one, other) => other.startedAt - one.startedAt)
  }

  private fileOf(instance: string): string {
    return path.join(this.folder, instance + ending)
  }
}

function isAttempt(copy: unknown): copy is AttemptRecord {
  if (!isJsonObject(copy) || !isJsonObject(copy['saved'])) return false
  const {attempt, instance, startedAt, endpoints, hash} = copy
  const counts = typeof attempt === 'number' && typeof startedAt === 'number'
  return counts && typeof instance === 'string' && typeof hash === 'string' && Array.isArray(endpoints)
}
