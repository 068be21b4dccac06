/** Variables may stand in the arguments of variables this deep. */
export const maxDepth = 32

export interface Braces {
  /** Where the `}` is that ends the `{` at an offset; nothing for a brace that is never closed. */
  readonly ends: ReadonlyMap<number, number>
  /** The first `${` that is nested too deep. */
  readonly tooDeep?: number
}

/**
 * Finds the end of every `${…}` in one pass, so that a long text costs no more than its length. Inside of one, plain braces come in
 * pairs (`${LABELS:-{"a":1}}`) and `$$` begins nothing.
 */
export function matchBraces(text: string): Braces {
  const ends = new Map<number, number>()
  const open: {readonly at: number; readonly depth: number}[] = []
  const braces = /\$\$|\$?\{|\}/g
  for (let found = braces.exec(text); found; found = braces.exec(text)) {
    const [brace] = found
    const depth = open.at(-1)?.depth ?? 0
    if (brace === '}') {
      const start = open.pop()
      if (start) ends.set(start.at, found.index)
    } else if (brace === '${') {
      if (depth === maxDepth) return {ends, tooDeep: found.index}
      open.push({at: found.index + 1, depth: depth + 1})
    } else if (brace === '{' && depth > 0) open.push({at: found.index, depth})
  }
  return {ends}
}
