import {access} from 'node:fs/promises'
import path from 'node:path'

/** As harness looks for them. */
const names = ['harness.yaml', 'harness.yml', 'services.yaml', 'services.yml']

/** The stack file of this folder. `undefined`: there is none. */
export async function stackFileIn(directory: string): Promise<string | undefined> {
  for (const name of names) {
    const file = path.join(directory, name)
    const isThere = await access(file).then(
      () => true,
      () => false,
    )
    if (isThere) return file
  }
  return undefined
}
