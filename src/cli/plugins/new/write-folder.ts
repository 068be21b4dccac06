import {rename, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {HarnessError, isHarnessError, systemCode} from '../../../core/base/errors.js'
import {newId} from '../../../core/base/ids.js'
import {makeFolder} from '../../../core/base/make-folder.js'
import type {PluginFile} from './plugin-files.js'

/** Writes a folder in one piece: beside its place first, and then there. USAGE when something is there that is not an empty folder. */
export async function writeFolder(folder: string, files: readonly PluginFile[]): Promise<void> {
  const beside = path.join(path.dirname(folder), `.${path.basename(folder)}-${newId()}`)
  try {
    for (const file of files) await writeBelow(beside, file)
    await rename(beside, folder).catch((error: unknown) => {
      throw isTaken(error) ? refusal(folder, 'it is there already, and is no empty folder', error) : error
    })
  } catch (error) {
    await rm(beside, {recursive: true, force: true}).catch(() => undefined)
    const code = isHarnessError(error) ? undefined : systemCode(error)
    throw code === undefined ? error : refusal(folder, `it cannot be written: ${code}`, error)
  }
}

async function writeBelow(folder: string, file: PluginFile): Promise<void> {
  const target = path.join(folder, file.path)
  await makeFolder(path.dirname(target))
  await writeFile(target, file.text, {flag: 'wx'})
}

function isTaken(error: unknown): boolean {
  return ['EEXIST', 'ENOTDIR', 'ENOTEMPTY'].includes(systemCode(error) ?? '')
}

function refusal(folder: string, reason: string, cause: unknown): HarnessError {
  const hint = 'Nothing was written. Choose another name, or go to another folder.'
  return new HarnessError('USAGE', {subject: folder, reason, hint, cause})
}
