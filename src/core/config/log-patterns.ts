import type {ProbeCheck} from '../contract/probe.js'
import {pointerTo} from './reading.js'

/** The patterns of the log checks inside a check, each with its pointer. */
export function logPatterns(
  check: ProbeCheck,
  pointer: string,
): readonly (readonly [pointer: string, pattern: string])[] {
  if (check.kind === 'log') return [[pointerTo(pointer, 'pattern'), check.pattern]]
  if (check.kind !== 'all' && check.kind !== 'any') return []
  const inner = pointerTo(pointer, 'checks')
  return check.checks.flatMap((each, index) => logPatterns(each, pointerTo(inner, index)))
}

/** The names of a pattern's groups, or why it is no regular expression. */
export function readGroups(
  pattern: string,
): {readonly groups: readonly string[]} | {readonly groups?: undefined; readonly problem: string} {
  try {
    const {source, flags} = new RegExp(pattern, 'u')
    // With an empty alternative anything matches, and a match knows all groups.
    return {groups: Object.keys(new RegExp(`${source}|`, flags).exec('')?.groups ?? {})}
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    return {problem: message.slice(message.lastIndexOf('/u: ') + 4)}
  }
}
