import type {Diagnostic} from '../contract/diagnostic.js'
import type {Place} from './node.js'
import {locate, type LocatedDiagnostic} from './problems.js'
import {locationOf, type Location} from './source.js'

/** Where a part of a definition was written, by its JSON pointer; the nearest part around it when it was not written itself. */
export type Locate = (pointer: string, at?: 'key' | 'value') => (Location & {readonly path: string}) | undefined

/** Turns the pointers of a daemon's diagnostics into places in the file, whichever spelling it uses. */
export function locateDiagnostics(
  diagnostics: readonly Diagnostic[],
  loaded: {readonly locate: Locate},
): LocatedDiagnostic[] {
  return diagnostics.map((diagnostic) => {
    const place = loaded.locate(diagnostic.pointer, pointsAtKey.has(diagnostic.code) ? 'key' : 'value')
    const {path = dotted(diagnostic.pointer), ...location} = place ?? {}
    return locate(diagnostic, path, 'file' in location ? location : undefined)
  })
}

const pointsAtKey: ReadonlySet<Diagnostic['code']> = new Set([
  'CONFIG_DUPLICATE_KEY',
  'CONFIG_INVALID_NAME',
  'CONFIG_MISSING_KEY',
  'CONFIG_UNKNOWN_KEY',
])

export function locatePointer(places: () => ReadonlyMap<string, Place>): Locate {
  return (pointer, at = 'value') => {
    for (let around = pointer; ; around = around.slice(0, Math.max(around.lastIndexOf('/'), 0))) {
      const place = places().get(around)
      // Of something around, the key says what is meant; its value would be a whole block.
      const span = at === 'key' || around !== pointer ? (place?.key ?? place?.node.span) : place?.node.span
      if (place && span) return {...locationOf(span), path: place.path}
      if (around === '') return undefined
    }
  }
}

/** Without a file: the pointer as a path. */
function dotted(pointer: string): string {
  return pointer.slice(1).replaceAll('/', '.')
}
