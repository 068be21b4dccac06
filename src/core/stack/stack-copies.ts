import {readdir} from 'node:fs/promises'
import path from 'node:path'
import {shortHash} from '../base/ids.js'
import {isJsonObject} from '../base/json.js'
import {makeFolder} from '../base/make-folder.js'
import {replacePrivateFile} from '../base/private-files.js'
import {copyText, readCopy} from '../service/copy-file.js'
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
    await replacePrivateFile(path.join(folder, fileName), copyText(saved))
  }

  /** The ids of all stacks that have, or had, attempts. */
  async ids(): Promise<readonly string[]> {
    return await readdir(this.runsDirectory).catch(() => [])
  }

  /** `undefined`: there is none, or it cannot be read. */
  async read(id: string): Promise<SavedStack | undefined> {
    const copy = await readCopy(path.join(this.runsDirectory, id, fileName))
    return isStack(copy) && stackId(copy.definition) === id ? copy : undefined
  }

  /** Where the attempts of each service, or task, of a stack lie. */
  async folders(id: string): Promise<readonly string[]> {
    const folder = path.join(this.runsDirectory, id)
    const entries = await readdir(folder, {withFileTypes: true}).catch(() => [])
    return entries.filter((entry) => entry.isDirectory()).map(({name}) => path.join(folder, name))
  }
}

function isStack(copy: unknown): copy is SavedStack {
  if (!isJsonObject(copy) || !isJsonObject(copy['removed']) || !isJsonObject(copy['scale'])) return false
  const {definition} = copy
  return isJsonObject(definition) && typeof definition['name'] === 'string' && typeof definition['file'] === 'string'
}
