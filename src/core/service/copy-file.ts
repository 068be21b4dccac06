import {readFile} from 'node:fs/promises'
import {isJsonObject, type Json} from '../base/json.js'

/** Raised whenever what stands in copies of the journal changes its shape. */
const schema = 1

/** A copy of what the journal says, as it is written. */
export function copyText(value: object): string {
  return JSON.stringify({schema, value})
}

/** `undefined` for what is no copy, or one of another harness that writes something else. */
export async function readCopy(file: string): Promise<Json | undefined> {
  try {
    const copy: unknown = JSON.parse(await readFile(file, 'utf8'))
    return isJsonObject(copy) && copy['schema'] === schema ? copy['value'] : undefined
  } catch {
    return undefined
  }
}
