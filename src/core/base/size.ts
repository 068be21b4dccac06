const units: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1000,
  mb: 1000 ** 2,
  gb: 1000 ** 3,
  tb: 1000 ** 4,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
}

/** Reads a size: a whole number is bytes; `512KB`, `10MB`, `1.5GB` count in thousands, `10MiB` in 1,024s. `undefined` for anything else. */
export function parseSize(text: string): number | undefined {
  const [, amount, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s?([a-z]*)\s*$/i.exec(text) ?? []
  const bytes = Math.round(Number(amount) * (units[unit.toLowerCase()] ?? Number.NaN))
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** As people write it: the largest unit in which it is a whole number. */
export function formatSize(bytes: number): string {
  for (const unit of ['TB', 'GB', 'MB', 'KB', 'TiB', 'GiB', 'MiB', 'KiB']) {
    const size = units[unit.toLowerCase()] ?? 1
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`
  }
  return String(bytes)
}
