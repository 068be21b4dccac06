/** A contract as a tool tells of it. */
export interface FoundContract {
  readonly name: string
  /** `0x` and 40 hexadecimal digits. */
  readonly address: string
}

/** Is it `0x` and 40 hexadecimal digits? */
export function isAddress(value: unknown): value is string {
  return typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value)
}

/** The same address may be written with capitals, which are a checksum. */
export function sameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** Ignition says `Module#Contract`: the module is left out where that leaves no doubt, since no reference can spell the `#`. */
export function shortNames(found: readonly FoundContract[]): readonly FoundContract[] {
  const short = (name: string): string => name.slice(name.indexOf('#') + 1)
  const count = new Map<string, number>()
  for (const {name} of found) count.set(short(name), (count.get(short(name)) ?? 0) + 1)
  return found.map(({name, address}) => ({name: count.get(short(name)) === 1 ? short(name) : name, address}))
}
