import {mkdir, readFile, rename, writeFile} from 'node:fs/promises'
import path from 'node:path'

/** A file of one value, which is there whole or not at all. What cannot be read is not there. */
export class JsonFile<Value> {
  constructor(private readonly name: string) {}

  async write(folder: string, value: Value): Promise<void> {
    const file = path.join(folder, this.name)
    await mkdir(folder, {recursive: true, mode: 0o700})
    await writeFile(`${file}.tmp`, JSON.stringify(value), {mode: 0o600})
    await rename(`${file}.tmp`, file)
  }

  async read(folder: string): Promise<Value | undefined> {
    try {
      return JSON.parse(await readFile(path.join(folder, this.name), 'utf8')) as Value
    } catch {
      return undefined
    }
  }
}
