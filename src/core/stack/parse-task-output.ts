/**
 * Reads the outputs that a program wrote: lines `KEY=VALUE`, or `KEY<<END`, any lines, and a line `END`. Empty lines mean nothing; of a key
 * that comes again the last value counts. Lines may end as on Windows. Throws with the number of the first line that is neither, and its key
 * at most: what else stands there may be secret, and the reason is shown and kept.
 */
export function parseTaskOutput(text: string): Readonly<Record<string, string>> {
  const lines = text.split(/\r?\n/)
  const outputs = new Map<string, string>()
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    if (line === '') continue
    const place = `line ${index + 1} of its outputs`
    const [, key = '', operator, rest = ''] = form.exec(line) ?? []
    if (key === '') throw new Error(`${place} is not KEY=VALUE or KEY<<END`)
    if (key === '__proto__') throw new Error(`${place} has the key '${key}', which no reference can name`)
    if (operator === '=') {
      outputs.set(key, rest)
      continue
    }
    const end = rest === '' ? -1 : lines.indexOf(rest, index + 1)
    if (end < 0) throw new Error(`${place} begins a value of '${key}' with <<, and no line ends it`)
    outputs.set(key, lines.slice(index + 1, end).join('\n'))
    index = end
  }
  return Object.fromEntries(outputs)
}

/** Keys are what a reference can name. */
const form = /^([A-Za-z_][\w-]*)(=|<<)(.*)$/s
