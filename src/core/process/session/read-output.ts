import type {Clock} from '../../base/clock.js'
import type {OutputSource, SessionOutput} from '../../contract/session.js'

/** How long a stranger that holds a pipe open is waited for once all else has ended, in milliseconds. */
const strangerMs = 200

/** Reads all of the streams as one, no further than it is asked. Ends when they do, or when nothing has come for a moment after `over`. */
export async function* readOutput(
  sources: readonly OutputSource[],
  over: Promise<void>,
  clock: Clock,
): AsyncGenerator<SessionOutput> {
  const bell = new Bell(clock)
  const open = new Set(sources)
  for (const source of sources) {
    const {readable} = source
    readable.on('readable', bell.ring)
    readable.on('error', () => undefined)
    readable.once('close', () => {
      open.delete(source)
      bell.ring()
    })
    if (readable.closed) open.delete(source)
  }
  void over.then(() => {
    bell.hurry(strangerMs)
  })
  try {
    for (;;) {
      const read = sources.flatMap(available)
      yield* read
      if (read.length > 0) continue
      if (open.size === 0) return
      if (!(await bell.wait())) return
    }
  } finally {
    for (const {readable} of sources) readable.destroy()
  }
}

function available({stream, readable}: OutputSource): readonly SessionOutput[] {
  const bytes = readable.read() as Buffer | null
  return bytes === null ? [] : [{stream, bytes}]
}

/** Wakes one who waits. */
class Bell {
  private rung: () => void = () => undefined
  private limit: number | undefined

  constructor(private readonly clock: Clock) {}

  readonly ring = (): void => {
    this.rung()
  }

  /** From now on nobody waits longer than this, in milliseconds. */
  hurry(ms: number): void {
    this.limit = ms
    this.ring()
  }

  /** `false`: nobody has rung in time. */
  async wait(): Promise<boolean> {
    let timer: Disposable | undefined
    try {
      return await new Promise<boolean>((resolve) => {
        this.rung = () => {
          resolve(true)
        }
        if (this.limit === undefined) return
        timer = this.clock.after(this.limit, () => {
          resolve(false)
        })
      })
    } finally {
      timer?.[Symbol.dispose]()
    }
  }
}
