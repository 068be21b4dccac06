import {mkdtemp} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'

/** The folder of this attempt, which harness removes with it; or, started by somebody else, a new one in the folder for temporary files. */
export async function runDirectory(name: string): Promise<string> {
  return process.env['HARNESS_RUN_DIR'] ?? (await mkdtemp(path.join(tmpdir(), `harness-${name}-`)))
}
