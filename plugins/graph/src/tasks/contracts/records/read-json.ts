import {readFile} from 'node:fs/promises'

/** What stands in a file, or `undefined` where there is none that can be read as JSON: tools are stopped in the middle of writing. */
export async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** A map of JSON, or an empty one. */
export function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
