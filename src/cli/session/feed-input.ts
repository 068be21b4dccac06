import type {Readable} from 'node:stream'

/** What takes input. */
export interface InputTaker {
  write(bytes: Uint8Array): Promise<void>
  end(): Promise<void>
}

/** Hands standard input on, no faster than it is taken, until it ends or this is disposed of. Without it the other end is told that there is none. */
export function feedInput(wanted: boolean, taker: InputTaker, source: NodeJS.ReadStream = process.stdin): Disposable {
  if (!wanted) {
    void taker.end()
    return {[Symbol.dispose]: () => undefined}
  }
  void feed(source, taker)
  return {
    [Symbol.dispose]() {
      // A read that goes on must not keep the process.
      source.pause()
      if ('unref' in source) source.unref()
    },
  }
}

async function feed(source: Readable, taker: InputTaker): Promise<void> {
  try {
    for await (const bytes of source) await taker.write(bytes as Uint8Array)
  } catch {
    // A terminal that is gone gives no more.
  }
  await taker.end()
}
