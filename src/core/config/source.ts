/** One text that stack definitions are read from. */
export interface Source {
  /** As people are told: relative to where they are, when it lies below. */
  readonly file: string
  /** Absolute; the paths that are written in it start here. */
  readonly directory: string
  readonly text: string
  /** Line and column of an offset, both from 1. */
  positionOf(offset: number): {readonly line: number; readonly column: number}
}

/** Where the lines begin is only looked for when somebody asks. */
export function sourceOf({file, directory}: Pick<Source, 'directory' | 'file'>, text: string): Source {
  let starts: readonly number[] | undefined
  return {
    file,
    directory,
    text,
    positionOf(offset) {
      starts ??= [0, ...[...text.matchAll(/\n/g)].map(({index}) => index + 1)]
      let line = 0
      for (let step = 2 ** Math.floor(Math.log2(starts.length)); step >= 1; step /= 2) {
        if ((starts[line + step] ?? Infinity) <= offset) line += step
      }
      return {line: line + 1, column: offset - (starts[line] ?? 0) + 1}
    },
  }
}

/** A part of a source: offsets of its first character and of the one after its last. */
export interface Span {
  readonly source: Source
  readonly start: number
  readonly end: number
}

/** Where a person finds something, with what is needed to show it. */
export interface Location {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units. */
  readonly column: number
  /** How much to underline; never beyond the line. */
  readonly length: number
  /** The text of the line. */
  readonly source: string
}

export function locationOf(span: Span): Location {
  const {line, column} = span.source.positionOf(span.start)
  const lineStart = span.start - (column - 1)
  const lineEnd = endOfLine(span.source, lineStart)
  const end = Math.min(Math.max(span.end, span.start + 1), Math.max(lineEnd, span.start + 1))
  return {
    file: span.source.file,
    line,
    column,
    length: end - span.start,
    source: span.source.text.slice(lineStart, lineEnd),
  }
}

/** The last line that was asked for: there may be as many questions as letters in it. */
const lastLines = new WeakMap<Source, {readonly start: number; readonly end: number}>()

function endOfLine(source: Source, start: number): number {
  const last = lastLines.get(source)
  if (last?.start === start) return last.end
  const end = source.text.slice(start).search(/\r|\n|$/) + start
  lastLines.set(source, {start, end})
  return end
}
