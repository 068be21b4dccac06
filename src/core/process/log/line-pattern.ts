import {stripVTControlCharacters} from 'node:util'
import {setImmediate as nextTurn} from 'node:timers/promises'
import type {SelectLines} from './log-reader.js'

/** Why a pattern cannot be used, in a few words. */
export class PatternError extends Error {}

export interface LinePattern {
  test(text: string): boolean
}

const longestPattern = 500
/** Bounds the work for each character. */
const largestProgram = 500
/** Longer lines are looked at up to here. */
const longestText = 16 * 1024

/**
 * A regular expression in the syntax of RE2, whose time grows with the length of a line and never beyond: no pattern can hold up the
 * daemon. Control sequences of a line do not count. Throws PatternError.
 */
export async function linePattern(pattern: string): Promise<LinePattern> {
  if (pattern.length > longestPattern) throw new PatternError(`it is longer than ${longestPattern} characters`)
  const {RE2JS, RE2JSException} = await import('re2js')
  try {
    const compiled = RE2JS.compile(pattern)
    if (compiled.programSize() > largestProgram) throw new PatternError('it repeats too much')
    return {test: (text) => compiled.test(stripVTControlCharacters(text.slice(0, longestText)))}
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    throw new PatternError(error.message.replace(/^error parsing regexp: /, ''))
  }
}

/** Looking at lines stops for others after this time. */
const turnMs = 10

/** Lines in which the pattern is found, and all gaps. */
export function selectMatching(pattern: LinePattern): SelectLines {
  return async (lines) => {
    const found = []
    let began = performance.now()
    for (const line of lines) {
      if (line.gap || pattern.test(line.text)) found.push(line)
      if (performance.now() - began < turnMs) continue
      await nextTurn()
      began = performance.now()
    }
    return found
  }
}
