import {randomUUID} from 'node:crypto'
import {mkdir, rename, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'

/** Replaces a file at one stroke: whoever reads it sees the former content, or all of the new one. */
export async function writeJson(file: string, content: unknown): Promise<void> {
  await mkdir(path.dirname(file), {recursive: true})
  const draft = `${file}.${randomUUID()}`
  try {
    await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`)
    await rename(draft, file)
  } catch (error) {
    await rm(draft, {force: true})
    throw error
  }
}
