// Escape sequences as terminals read them: CSI with its parameters, the string sequences (OSC, DCS, SOS, PM, APC) up to their end, and the
// short ones; in their 7-bit and 8-bit forms. A sequence that is cut off takes what is left of it along.
const csi = String.raw`(?:\x1B\[|\x9B)[0-?]*[ -/]*(?:[@-~]|$)`
const stringSequence = String.raw`(?:\x1B[\]PX^_]|[\x90\x98\x9D-\x9F])[^\x07\x1B\x9C]*(?:\x07|\x1B\\|\x9C|$)`
const short = String.raw`\x1B[ -/]*(?:[0-~]|$)`
/** Control characters but tab and line feed, line ends of Unicode, marks that turn the direction of the text around, and those that stand for no text. */
const signs = String.raw`\x00-\x08\x0B-\x1F\x7F-\x9F\u061C\u200E\u200F\u2028-\u202E\u2066-\u206F\uFFF9-\uFFFB`
const isSuspicious = new RegExp(`[${signs}]`)
const lineEnds = /[\r\n\x85\u2028\u2029]+/g
const lastLineEnds = /[\r\n\x85\u2028\u2029]+$/
// One pass over the original: what is left after a removal can never become a sequence together with what stood before it.
const removed = new RegExp(`${csi}|${stringSequence}|${short}|[${signs}]`, 'g')
const sign = new RegExp(`[${signs}]`, 'g')
/** A colour or another attribute of text. */
const attribute = /^\x1B\[[\d;:]*m$/

interface PrintableOptions {
  /** Colours stay. @default false */
  readonly colours?: boolean
}

/**
 * Makes text from elsewhere (logs, names, messages) harmless for a terminal: one line, no control sequences. With `colours` its
 * colours stay and end with the text.
 */
export function printable(text: string, options: PrintableOptions = {}): string {
  const clean = withoutSequences(text.replace(lastLineEnds, '').replace(lineEnds, ' '), options)
  return clean.includes('\x1B') ? `${clean}\x1B[0m` : clean
}

/** The same for text in lines: they stay, each harmless by itself. */
export function printableLines(text: string, options: PrintableOptions = {}): string {
  if (!isSuspicious.test(text)) return text
  return text
    .split('\n')
    .map((line) => withoutSequences(line.replace(lastLineEnds, '').replace(lineEnds, ' '), options))
    .join('\n')
}

/** Whether a text would be another one on a terminal. */
export function isPrintable(text: string): boolean {
  return !isSuspicious.test(text)
}

/** With each sign that is no text written by `write`; as JSON and YAML write it within double quotes when nothing else is said. */
export function escapeSigns(text: string, write: (sign: string) => string = hexEscape): string {
  return isSuspicious.test(text) ? text.replace(sign, write) : text
}

function hexEscape(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function withoutSequences(line: string, {colours = false}: PrintableOptions): string {
  if (!isSuspicious.test(line)) return line
  return line.replace(removed, (sequence) => (colours && attribute.test(sequence) ? sequence : ''))
}
