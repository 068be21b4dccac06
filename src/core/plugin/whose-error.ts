import {realpathSync} from 'node:fs'
import path from 'node:path'
import {pathToFileURL} from 'node:url'
import type {PluginSource} from './plugin-source.js'

/**
 * The user plugin whose code is the first in the stack trace of an error that nobody caught. Of what lies in a plugin's folder the deepest folder
 * counts: a plugin may stand in the folder of another. `undefined`: none of theirs, or it cannot be told.
 */
export function whoseError(error: unknown, sources: readonly PluginSource[]): PluginSource | undefined {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return undefined
  const users = sources.filter(({kind}) => kind !== 'core').map((source) => ({source, places: placesOf(source)}))
  for (const line of error.stack.split('\n')) {
    const found = users
      .flatMap(({source, places}) => places.filter((place) => line.includes(place)).map((place) => ({source, place})))
      .sort((a, b) => b.place.length - a.place.length)
    if (found[0]) return found[0].source
  }
  return undefined
}

/** As stack traces write it: a path in CommonJS, a URL in modules, and of a link where it leads. */
function placesOf({root}: PluginSource): readonly string[] {
  if (root === undefined) return []
  const folders = new Set([root, realPath(root)])
  return [...folders].flatMap((folder) => [`${folder}${path.sep}`, `${pathToFileURL(folder).href}/`])
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return folder
  }
}
