/** The name that was probably meant: the nearest by edit distance, if it is near enough. */
export function suggest(given: string, names: Iterable<string>): string | undefined {
  let best: {readonly name: string; readonly distance: number} | undefined
  if (given.length > longest) return undefined
  for (const name of names) {
    const limit = Math.max(1, Math.floor(name.length / 3))
    if (Math.abs(given.length - name.length) > limit) continue
    const distance = editDistance(given.toLowerCase(), name.toLowerCase())
    const isNear = distance <= limit && distance < Math.max(given.length, name.length)
    if (isNear && distance < (best?.distance ?? Infinity)) {
      best = {name, distance}
    }
  }
  return best?.name
}

/** Nobody mistypes more: to compare texts takes the product of their lengths. */
const longest = 100

/** Of so many problems of one kind: nobody reads more, and each name is compared with all that there are. */
export const maxSuggestions = 50

/** `did you mean 'health_check'?`, or nothing when no name is near. */
export function didYouMean(given: string, names: Iterable<string>): string | undefined {
  const name = suggest(given, names)
  return name === undefined ? undefined : `did you mean '${name}'?`
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({length: b.length + 1}, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        at(last, j) + 1,
        at(row, j - 1) + 1,
        at(last, j - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, j - 2) + 1 : Infinity,
      )
    }
    beforeLast = last
    last = row
  }
  return at(last, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity
}
