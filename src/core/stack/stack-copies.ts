import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {shortHash} from '../base/ids.js'
import {isJsonObject, type Json} from '../base/json.js'
import {makeFolder} from '../base/make-folder.js'
import {replacePrivateFile} from '../base/private-files.js'
import type {SavedStack} from './stack-model.js'

/** Begins with a sign that no name of a service begins with. */
const fileName = '.stack.json'

/** A stack is its name and the path of its file. */
export function stackId({name, file}: {readonly name: string; readonly file: string}): string {
  return `${name}-${shortHash(file)}`
}

/** What the journal says of each stack, once more, above the run directories of its services: for when the journal is lost. */
export class StackCopies {
  constructor(private readonly runsDirectory: string) {}

  async keep(id: string, saved: SavedStack): Promise<void> {
    const folder = path.join(this.runsDirectory, id)
    await makeFolder(folder, 0o700)
    await replacePrivateFile(path.join(folder, fileName), JSON.stringify(saved))
  }

  /** Those that are not `known`. What cannot be read is no copy. */
  async others(known: ReadonlySet<string>): Promise<ReadonlyMap<string, SavedStack>> {
    const ids = await readdir(this.runsDirectory).catch(() => [])
    const copies = await Promise.all(
      ids.filter((id) => !known.has(id)).map(async (id) => [id, await this.read(id)] as const),
    )
    return new Map(copies.flatMap(([id, copy]) => (copy ? [[id, copy]] : [])))
  }

  /** Where the attempts of each service, or task, of a stack lie. */
  async folders(id: string): Promise<readonly string[]> {
    const folder = path.join(this.runsDirectory, id)
    const entries = await readdir(folder, {withFileTypes: true}).catch(() => [])
    return entries.filter((entry) => entry.isDirectory()).map(({name}) => path.join(folder, name))
  }

  private async read(id: string): Promise<SavedStack | undefined> {
    try {
      const copy = JSON.parse(await readFile(path.join(this.runsDirectory, id, fileName), 'utf8')) as Json
      return isStack(copy) && stackId(copy.definition) === id ? copy : undefined
    } catch {
      return undefined
    }
  }
}

function isStack(copy: unknown): copy is SavedStack {
  if (!isJsonObject(copy) || !isJsonObject(copy['removed']) || !isJsonObject(copy['scale'])) return false
  const {definition} = copy
  return isJsonObject(definition) && typeof definition['name'] === 'string' && typeof definition['file'] === 'string'
}
