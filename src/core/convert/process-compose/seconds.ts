import type {Part} from '../part.js'
import {expandText, type Scope} from './texts.js'

interface Limit {
  readonly min: number
  /** What holds below the limit. */
  readonly otherwise?: number
}

/** A number of seconds as a duration; out of a variable too. */
export function readSeconds(
  scope: Pick<Scope, 'expands'>,
  part: Part,
  key: string,
  {min, otherwise = min}: Limit,
): string | undefined {
  const text = part.text(key)
  if (text === undefined) return undefined
  if (text.includes('$')) return `${expandText(scope, part, key) ?? ''}s`
  const seconds = part.number(key) ?? otherwise
  return `${seconds < min ? otherwise : seconds}s`
}
