/** The words of a line, as a shell would take it apart; nothing in it is filled in. `undefined` when a quote is not closed. */
export function shellWords(line: string): readonly string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let at = 0
  while (at < line.length) {
    const [piece] = /^(?:'[^']*'|"(?:\\[^]|[^"\\])*"|\\[^]|\s+|[^\s'"\\]+)/.exec(line.slice(at)) ?? []
    if (piece === undefined) return undefined
    at += piece.length
    if (piece.trim() !== '') word = (word ?? '') + meaning(piece)
    else if (word !== undefined) {
      words.push(word)
      word = undefined
    }
  }
  return word === undefined ? words : [...words, word]
}

function meaning(piece: string): string {
  if (piece.startsWith("'")) return piece.slice(1, -1)
  if (piece.startsWith('"')) return piece.slice(1, -1).replace(/\\(["\\])/g, '$1')
  return piece.startsWith('\\') ? piece.slice(1) : piece
}
