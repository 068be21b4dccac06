import {isIP} from 'node:net'
import ipaddr from 'ipaddr.js'

/** The addresses of a network, in CIDR notation. */
export interface Subnet {
  /** With its first address and in its shortest form: `10.0.0.0/24`. */
  readonly text: string
  /** How many addresses a host can have: without the network's own and, of IPv4, the one that means all. */
  readonly size: bigint
  /** The address of this number, from 0. */
  at(index: bigint): string
  /** Whether it is among the addresses that a host can have. */
  has(address: string): boolean
}

/** `undefined` for what is no subnet. */
export function parseSubnet(text: string): Subnet | undefined {
  if (isIP(text.replace(/\/.*$/, '')) === 0 || !ipaddr.isValidCIDR(text)) return undefined
  const [given, length] = ipaddr.parseCIDR(text)
  const bits = given.kind() === 'ipv4' ? 32 : 128
  const width = BigInt(bits - length)
  const base = (numberOf(given) >> width) << width
  const all = 1n << width
  // A network of one or two addresses has hosts alone.
  const isPlain = width > 1n
  const first = isPlain ? base + 1n : base
  const size = isPlain ? all - (bits === 32 ? 2n : 1n) : all
  const at = (index: bigint): string => textOf(first + index, bits)
  return {
    text: `${textOf(base, bits)}/${length}`,
    size,
    at,
    has(address) {
      if (isIP(address) === 0) return false
      const parsed = ipaddr.parse(address)
      if (parsed.kind() !== given.kind()) return false
      const index = numberOf(parsed) - first
      return index >= 0n && index < size
    },
  }
}

/** An address in its shortest form, so that equal ones are equal texts; anything else as it is. */
export function canonical(address: string): string {
  return isIP(address) === 0 ? address : ipaddr.parse(address).toString()
}

type Address = ReturnType<typeof ipaddr.parse>

function numberOf(address: Address): bigint {
  return address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}

function textOf(number: bigint, bits: 32 | 128): string {
  const bytes = Array.from({length: bits / 8}, (_, index) => Number((number >> BigInt(bits - 8 - 8 * index)) & 0xffn))
  return ipaddr.fromByteArray(bytes).toString()
}
