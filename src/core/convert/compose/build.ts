import type {Json} from '../../base/json.js'
import type {Origin} from '../converted.js'
import {given} from '../given.js'
import type {Part} from '../part.js'
import {relocate} from '../relocate.js'

/** How its image is built. */
export function readBuild(origin: Origin, part: Part): Json | undefined {
  const value = part.value('build')
  if (value === undefined) return undefined
  if (typeof value === 'string') return {context: relocate(origin, value)}
  const build = part.partOf(value, 'build')
  const fields = given({
    context: relocate(origin, build.text('context') ?? '.'),
    dockerfile: build.text('dockerfile'),
    target: build.text('target'),
  })
  build.leftOvers({dockerfile_inline: 'has no equivalent: write it into a file'})
  return fields
}

const pulls: Readonly<Record<string, string | undefined>> = {
  always: 'always',
  never: 'never',
  missing: 'missing',
  if_not_present: 'missing',
}

export function readPull(part: Part): string | undefined {
  const word = part.text('pull_policy')
  if (word === undefined) return undefined
  if (!Object.hasOwn(pulls, word)) part.note('pull_policy', `'${word}' has no equivalent`)
  return Object.hasOwn(pulls, word) ? pulls[word] : undefined
}
