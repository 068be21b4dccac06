/** Each holds a lock there by one command that goes on, and runs others: a host runs ten at a time over one connection, and there are services on it too. */
const mostAtOnce = 2

interface Line {
  running: number
  readonly waiting: Set<() => void>
}

/** Deploys to one machine take turns. */
export class Turns {
  private readonly lines = new Map<string, Line>()

  /** Resolves when it is this one's turn, until what is returned is disposed of. Rejects when the signal aborts first. */
  async take(machine: string, signal: AbortSignal, onWait: () => void): Promise<Disposable> {
    const line = this.lines.get(machine) ?? {running: 0, waiting: new Set()}
    this.lines.set(machine, line)
    if (line.running < mostAtOnce) line.running += 1
    else {
      onWait()
      await turnIn(line, signal)
    }
    return {
      [Symbol.dispose]: () => {
        this.leave(machine, line)
      },
    }
  }

  /** The place goes to the next at once: nobody comes in between. */
  private leave(machine: string, line: Line): void {
    const [next] = line.waiting
    if (next) {
      line.waiting.delete(next)
      next()
      return
    }
    line.running -= 1
    if (line.running === 0) this.lines.delete(machine)
  }
}

function turnIn({waiting}: Line, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onTurn = (): void => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }
    const onAbort = (): void => {
      waiting.delete(onTurn)
      reject(signal.reason as Error)
    }
    signal.throwIfAborted()
    signal.addEventListener('abort', onAbort, {once: true})
    waiting.add(onTurn)
  })
}
