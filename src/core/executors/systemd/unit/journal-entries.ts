import {isJsonObject} from '../../../base/json.js'

/** One entry of the journal. */
export interface JournalEntry {
  readonly message: Uint8Array
  /** Milliseconds since the epoch. */
  readonly time: number
  /** Names it, also after a restart of the machine. */
  readonly cursor: string
}

/** Reads what `journalctl --output=json` prints: an object a line. */
export async function* journalEntries(printed: AsyncIterable<Uint8Array>): AsyncIterable<JournalEntry> {
  const decoder = new TextDecoder()
  let parts: string[] = []
  for await (const bytes of printed) {
    const [first = '', ...rest] = decoder.decode(bytes, {stream: true}).split('\n')
    parts.push(first)
    for (const next of rest) {
      const entry = toEntry(parts.join(''))
      if (entry) yield entry
      parts = [next]
    }
  }
}

function toEntry(line: string): JournalEntry | undefined {
  if (line === '') return undefined
  let found: unknown
  try {
    found = JSON.parse(line)
  } catch {
    return undefined
  }
  if (!isJsonObject(found)) return undefined
  const {__CURSOR: cursor, __REALTIME_TIMESTAMP: time, MESSAGE: message} = found
  if (typeof cursor !== 'string' || typeof time !== 'string') return undefined
  return {cursor, time: Number(time) / 1000, message: bytesOf(message)}
}

/** A text; an array of its bytes where they are not plain UTF-8; an array of either where the entry has the field several times. */
function bytesOf(message: unknown): Uint8Array {
  if (typeof message === 'string') return Buffer.from(message)
  if (!Array.isArray(message)) return new Uint8Array()
  if (message.every((byte) => typeof byte === 'number')) return Uint8Array.from(message)
  return Buffer.concat(message.flatMap((each, index) => [...(index > 0 ? [Buffer.from('\n')] : []), bytesOf(each)]))
}
