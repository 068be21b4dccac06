// Escape sequences as terminals read them: CSI with its parameters, the string sequences (OSC, DCS, SOS, PM, APC) up to their end, and the
// short ones; in their 7-bit and 8-bit forms. A sequence that is cut off takes what is left of it along.
const csi = String.raw`(?:\x1B\[|\x9B)[0-?]*[ -/]*(?:[@-~]|$)`
const stringSequence = String.raw`(?:\x1B[\]PX^_]|[\x90\x98\x9D-\x9F])[^\x07\x1B\x9C]*(?:\x07|\x1B\\|\x9C|$)`
const short = String.raw`\x1B[ -/]*(?:[0-~]|$)`
/** What is left of control characters (but tab and line ends), and marks that turn the direction of the text around. */
const controls = String.raw`[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069\u200E\u200F]`
// One pass over the original: what is left after a removal can never become a sequence together with what stood before it.
const removed = new RegExp(`${csi}|${stringSequence}|${short}|${controls}`, 'g')
/** A colour or another attribute of text. */
const attribute = new RegExp(String.raw`^\x1B\[[\d;:]*m$`)

/**
 * Makes text from elsewhere (logs, names, messages) harmless for a terminal: one line, no control sequences. With `colours` its
 * colours stay and end with the text.
 */
export function printable(text: string, options: {readonly colours?: boolean} = {}): string {
  const clean = text
    .replace(/[\r\n\u2028\u2029]+$/, '')
    .replace(/[\r\n\u2028\u2029]+/g, ' ')
    .replace(removed, (sequence) => (options.colours === true && attribute.test(sequence) ? sequence : ''))
  return clean.includes('\x1B') ? `${clean}\x1B[0m` : clean
}
