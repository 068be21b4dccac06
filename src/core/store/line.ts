import {crc32} from 'node:zlib'

const newline = 0x0a
/** Eight hexadecimal digits and a blank. */
const prefixLength = 9

/** One line of journal and snapshot: checksum of the JSON's bytes, blank, JSON. A damaged line never passes for a good one. */
export function encodeLine(json: string): Buffer {
  return Buffer.from(`${checksum(Buffer.from(json))} ${json}\n`)
}

export interface Line {
  readonly value: unknown
  /** Where the next line begins. */
  readonly end: number
}

/** Reads good lines from the beginning, and stops before the first bad or unfinished one. */
export function* decodeLines(bytes: Buffer): Generator<Line> {
  let start = 0
  for (;;) {
    const stop = bytes.indexOf(newline, start)
    if (stop === -1) return
    const json = decodeLine(bytes.subarray(start, stop))
    if (json === undefined) return
    start = stop + 1
    yield {value: json.value, end: start}
  }
}

function decodeLine(line: Buffer): {readonly value: unknown} | undefined {
  const json = line.subarray(prefixLength)
  if (line.toString('latin1', 0, prefixLength) !== `${checksum(json)} `) return undefined
  try {
    return {value: JSON.parse(json.toString())}
  } catch {
    return undefined
  }
}

function checksum(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(8, '0')
}
