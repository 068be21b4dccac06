/** As much of Protocol Buffers as IPFS uses: numbers and byte strings. https://protobuf.dev/programming-guides/encoding/ */
export interface Field {
  readonly number: number
  readonly value: Buffer | number
}

export function varint(value: number): Buffer {
  const bytes: number[] = []
  let left = value
  do {
    const byte = left % 128
    left = Math.floor(left / 128)
    bytes.push(left > 0 ? byte | 128 : byte)
  } while (left > 0)
  return Buffer.from(bytes)
}

export function encode(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(({number, value}) =>
      typeof value === 'number'
        ? [varint(number * 8), varint(value)]
        : [varint(number * 8 + 2), varint(value.length), value],
    ),
  )
}

/** Throws for what is no message, or has fields of other kinds. */
export function decode(message: Buffer): readonly Field[] {
  const fields: Field[] = []
  for (let at = 0; at < message.length;) {
    const key = readVarint(message, at)
    const value = readVarint(message, key.next)
    at = value.next
    const number = Math.floor(key.value / 8)
    if (key.value % 8 === 0) fields.push({number, value: value.value})
    else if (key.value % 8 === 2 && at + value.value <= message.length) {
      fields.push({number, value: message.subarray(at, at + value.value)})
      at += value.value
    } else throw new Error('protobuf: a field of an unknown kind')
  }
  return fields
}

/** The number that begins there, and where it is over. */
export function readVarint(bytes: Buffer, start: number): {readonly value: number; readonly next: number} {
  let [value, scale, at] = [0, 1, start]
  for (;;) {
    const byte = bytes[at]
    if (byte === undefined || scale > 2 ** 49) throw new Error('protobuf: a number that does not end')
    value += (byte % 128) * scale
    scale *= 128
    at += 1
    if (byte < 128) return {value, next: at}
  }
}
