/**
 * How a JSON text is nested, found without building anything from it: `tooDeep` when a value lies more than `limit` levels down, and
 * `surface`, the text with everything below its first level replaced by null, for reading an id out of a message that is refused.
 */
export function measureDepth(text: string, limit: number): {readonly tooDeep: boolean; readonly surface: string} {
  let depth = 0
  let deepest = 0
  let surface = ''
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = endOfString(text, at)
    } else if (code === openBrace || code === openBracket) {
      depth += 1
      deepest = Math.max(deepest, depth)
      if (depth === 2) surface += text.slice(from, at) + 'null'
    } else if (code === closeBrace || code === closeBracket) {
      if (depth === 2) from = at + 1
      depth -= 1
    }
  }
  return {tooDeep: deepest > limit, surface: depth > 1 ? surface : surface + text.slice(from)}
}

const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/** The index of the closing quote, or of the end of the text. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === backslash) at += 1
    else if (code === quote) return at
  }
  return text.length
}
