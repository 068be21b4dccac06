/** Quotes a text so that a POSIX shell reads it back as one word, byte for byte. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
