/** Bytes as text, and back: the bases that CIDs are commonly written in. https://github.com/multiformats/multibase */
export interface Base {
  readonly name: string
  /** In front of a text of this base. */
  readonly prefix: string
  encode(bytes: Buffer): string
  /** `undefined` for what is no text of this base. */
  decode(text: string): Buffer | undefined
}

export const base58btc: Base = {
  name: 'base58btc',
  prefix: 'z',
  ...numeral('123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'),
}
export const base32: Base = {name: 'base32', prefix: 'b', encode: toBase32, decode: fromBase32}
const base36: Base = {name: 'base36', prefix: 'k', ...numeral('0123456789abcdefghijklmnopqrstuvwxyz')}
const base16: Base = {
  name: 'base16',
  prefix: 'f',
  encode: (bytes) => bytes.toString('hex'),
  decode: (text) => (/^(?:[0-9a-f]{2})*$/.test(text) ? Buffer.from(text, 'hex') : undefined),
}

export const bases: readonly Base[] = [base58btc, base32, base36, base16]

/** The bytes as one number in that many digits; zero bytes in front are kept as zero digits. */
function numeral(digits: string): Pick<Base, 'decode' | 'encode'> {
  const radix = BigInt(digits.length)
  const zero = digits[0] ?? ''
  return {
    encode(bytes) {
      let text = ''
      for (let left = BigInt(`0x0${bytes.toString('hex')}`); left > 0n; left /= radix)
        text = (digits[Number(left % radix)] ?? '') + text
      const zeros = bytes.findIndex((byte) => byte !== 0)
      return zero.repeat(zeros === -1 ? bytes.length : zeros) + text
    },
    decode(text) {
      let value = 0n
      for (const digit of text) {
        const worth = digits.indexOf(digit)
        if (worth === -1) return undefined
        value = value * radix + BigInt(worth)
      }
      const hex = value === 0n ? '' : value.toString(16)
      const zeros = Array.from(text).findIndex((digit) => digit !== zero)
      const head = Buffer.alloc(zeros === -1 ? text.length : zeros)
      return Buffer.concat([head, Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')])
    },
  }
}

const letters = 'abcdefghijklmnopqrstuvwxyz234567'

function toBase32(bytes: Buffer): string {
  let [text, held, bits] = ['', 0, 0]
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff
    for (bits += 8; bits >= 5; bits -= 5) text += letters[(held >> (bits - 5)) & 31] ?? ''
  }
  return bits === 0 ? text : text + (letters[(held << (5 - bits)) & 31] ?? '')
}

function fromBase32(text: string): Buffer | undefined {
  const bytes: number[] = []
  let [held, bits] = [0, 0]
  for (const letter of text) {
    const worth = letters.indexOf(letter)
    if (worth === -1) return undefined
    held = ((held << 5) | worth) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 255)
  }
  return Buffer.from(bytes)
}
