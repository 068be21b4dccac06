/**
 * Reads the outputs that a program wrote: lines `KEY=VALUE`, or `KEY<<END`, any lines, and a line `END`. Empty lines mean nothing; of a key
 * that comes again the last value counts. Throws naming the first line that is neither.
 */
export function parseTaskOutput(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n')
  const outputs = new Map<string, string>()
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    if (line === '') continue
    const [, key = '', operator, rest = ''] = form.exec(line) ?? []
    if (key === '' || key === '__proto__') {
      throw new Error(`line ${index + 1} of its outputs is ${quoted(line)}, expected KEY=VALUE or KEY<<END`)
    }
    if (operator === '=') {
      outputs.set(key, rest)
      continue
    }
    const end = rest === '' ? -1 : lines.indexOf(rest, index + 1)
    if (end < 0) {
      throw new Error(`line ${index + 1} of its outputs is ${quoted(line)}, and no line '${rest}' ends it`)
    }
    outputs.set(key, lines.slice(index + 1, end).join('\n'))
    index = end
  }
  return Object.fromEntries(outputs)
}

/** Keys are what a reference can name. */
const form = /^([A-Za-z_][\w-]*)(=|<<)(.*)$/

function quoted(line: string): string {
  return `'${line.length > 60 ? `${line.slice(0, 57)}...` : line}'`
}
