import path from 'node:path'
import type {Interfaces} from '@oclif/core'
import {schemaText} from './schema-text.js'
import type {Terminal} from './terminal.js'
import {writeNewFile} from './write-new-file.js'

export interface SchemaWish {
  readonly config: Interfaces.Config
  /** The schema of a file that is laid over another. */
  readonly override: boolean
  /** A file to write it to. */
  readonly output: string | undefined
}

/** `harness schema`: answers the exit code. */
export async function showSchema(terminal: Terminal, {config, override, output}: SchemaWish): Promise<number> {
  const text = await schemaText(terminal, {config, extent: override ? 'part' : 'whole'})
  if (output === undefined) {
    process.stdout.write(text)
    return 0
  }
  const file = path.resolve(output)
  await writeNewFile(file, text)
  if (terminal.json) terminal.data({file})
  else terminal.note(`${output} written.`)
  return 0
}
