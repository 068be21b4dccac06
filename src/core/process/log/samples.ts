/** The last bytes before the positions that were read to, to notice that the file was cut and has grown beyond them since. */
export interface Samples {
  before(offset: number): Buffer | undefined
  /** `bytes` end at `offset`. */
  keep(offset: number, bytes: Buffer): void
}

const size = 32
const most = 32

export function createSamples(): Samples {
  const samples = new Map<number, Buffer>()
  return {
    before: (offset) => samples.get(offset),
    keep(offset, bytes) {
      samples.delete(offset)
      samples.set(offset, Buffer.from(bytes.subarray(-size)))
      for (const oldest of samples.keys()) {
        if (samples.size <= most) return
        samples.delete(oldest)
      }
    },
  }
}
