import type {Writable} from 'node:stream'

/** Resolves once the bytes have left, or can go nowhere any more. */
export function written(stream: Writable, bytes: Uint8Array): Promise<void> {
  if (stream.destroyed || stream.writableEnded) return Promise.resolve()
  return new Promise((resolve) => {
    stream.write(bytes, () => {
      resolve()
    })
  })
}
