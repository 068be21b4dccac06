/** One word for a POSIX shell, byte for byte. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
