import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {HarnessError, systemCode} from '../core/base/errors.js'
import {makeFolder} from '../core/base/make-folder.js'

/** Writes a file that people asked for, and the folders above it. `new`: never over another one. */
export async function writeNewFile(file: string, text: string, mode: 'new' | 'replace' = 'replace'): Promise<void> {
  try {
    await makeFolder(path.dirname(file))
    await writeFile(file, text, {flag: mode === 'new' ? 'wx' : 'w'})
  } catch (error) {
    const code = systemCode(error)
    if (code === undefined) throw error
    const isThere = code === 'EEXIST' && mode === 'new'
    throw new HarnessError('USAGE', {
      subject: file,
      reason: isThere ? 'there is such a file already' : `it cannot be written: ${code}`,
      hint: isThere ? 'Choose another folder, or add --force to replace it.' : 'Choose another place.',
      cause: error,
    })
  }
}
