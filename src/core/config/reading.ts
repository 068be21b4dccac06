import type {Variables} from './interpolate.js'
import type {Place} from './node.js'
import type {Problems} from './problems.js'

/** What every reader of a part of the file needs. */
export interface Reading {
  readonly problems: Problems
  readonly variables: Variables
  /** Where each part of the definition was written, by JSON pointer; missing while nobody asks. */
  readonly places?: Map<string, Place>
}

/** Remembers that this part of the definition comes from this place. */
export function mark(reading: Reading, pointer: string, place: Place): void {
  reading.places?.set(pointer, place)
}

/** A JSON pointer (RFC 6901) one step further down. */
export function pointerTo(pointer: string, key: number | string): string {
  if (typeof key === 'number' || !/[~/]/.test(key)) return `${pointer}/${key}`
  return `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** The keys that a JSON pointer names. */
export function pointerKeys(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}
