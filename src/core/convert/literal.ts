/** A text of a stack file that means exactly this text: nothing in it is filled in. */
export function literal(text: string): string {
  return text.replaceAll('$', '$$$$')
}
