/** Patterns of OpenSSH: `*` is any text, `?` one character. One that begins with `!` and matches rules all others out. Without regard to case. */
export function matchesPatterns(patterns: readonly string[], text: string): boolean {
  let isMatched = false
  for (const pattern of patterns) {
    const isNegated = pattern.startsWith('!')
    if (!matchesPattern(isNegated ? pattern.slice(1) : pattern, text)) continue
    if (isNegated) return false
    isMatched = true
  }
  return isMatched
}

/** In time that grows with the product of the lengths at most, whatever the pattern. */
function matchesPattern(pattern: string, text: string): boolean {
  const wanted = pattern.toLowerCase()
  const given = text.toLowerCase()
  let [at, read] = [0, 0]
  let [star, resume] = [-1, 0]
  while (read < given.length) {
    if (wanted[at] === '*') {
      star = at++
      resume = read
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[read])) {
      at++
      read++
    } else if (star >= 0) {
      at = star + 1
      read = ++resume
    } else return false
  }
  while (wanted[at] === '*') at++
  return at === wanted.length
}
