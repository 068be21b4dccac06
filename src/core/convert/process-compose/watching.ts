import type {Json} from '../../base/json.js'
import {given} from '../given.js'
import type {Part} from '../part.js'
import {relocate} from '../relocate.js'
import path from 'node:path'
import type {Origin} from '../converted.js'

/** The folders whose changes restart it. Relative paths start from its working directory. */
export function readWatching(origin: Origin, part: Part | undefined, directory: string): readonly Json[] {
  if (part === undefined) return []
  if (part.flag('cascade'))
    part.note('cascade', 'has no equivalent here: write `restart: true` at the dependencies that are to follow')
  const debounce = part.text('debounce')
  const watched = part.list('paths').map((value, index) => {
    const each = part.partOf(value, `paths[${index}]`)
    const paths = [relocate(origin, path.join(directory, each.text('path') ?? '.'))]
    const entry = given({paths, include: patterns(each, 'include'), ignore: patterns(each, 'exclude'), debounce})
    each.leftOvers()
    return entry
  })
  part.leftOvers({max_entries: '', buffer_size: ''})
  return watched
}

/** A pattern without a slash is about the name alone. */
function patterns(part: Part, key: string): readonly string[] {
  return part.texts(key).map((pattern) => (pattern.includes('/') ? pattern : `**/${pattern}`))
}
