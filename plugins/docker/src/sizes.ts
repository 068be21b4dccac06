const units: Readonly<Record<string, number>> = {b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3}

/** `512m`, `2g`, `1.5GiB`, or bytes. */
export function toBytes(size: number | string): number {
  if (typeof size === 'number') return size
  const [, number = '0', unit = 'b'] = /^([0-9.]+)\s*([a-z])?/i.exec(size) ?? []
  return Math.round(Number(number) * (units[unit.toLowerCase()] ?? 1))
}

/** `12 MB`, for people. */
export function shownBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB']
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`
}
