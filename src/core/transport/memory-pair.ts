import type {MessageSocket, MessageSocketEvents} from './message-socket.js'

/** Two connected message sockets without a network, for tests of what speaks over them. Frames arrive in order, never at once. */
export function memoryPair(): readonly [MessageSocket, MessageSocket] {
  const left = new MemorySocket()
  const right = new MemorySocket()
  left.other = right
  right.other = left
  return [left, right]
}

class MemorySocket implements MessageSocket {
  other: MemorySocket | undefined
  bufferedBytes = 0
  private events: MessageSocketEvents | undefined
  private open = true
  private paused = false
  private readonly early: ((events: MessageSocketEvents) => void)[] = []

  send(text: string): void {
    if (!this.open) return
    this.bufferedBytes += text.length
    setImmediate(() => {
      this.bufferedBytes -= text.length
      this.deliver((events) => {
        events.onDrain()
      })
      this.other?.receive((events) => {
        events.onAlive()
        events.onMessage(text)
      })
    })
  }

  ping(): void {
    setImmediate(() => {
      if (this.other?.open) {
        this.receive((events) => {
          events.onAlive()
        })
      }
    })
  }

  close(code: number, reason: string): void {
    setImmediate(() => {
      this.end(code, reason)
      this.other?.end(code, reason)
    })
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
    this.deliverEarly()
  }

  terminate(): void {
    this.end(1006, '')
    setImmediate(() => this.other?.end(1006, ''))
  }

  listen(events: MessageSocketEvents): void {
    this.events = events
    this.deliverEarly()
  }

  private deliverEarly(): void {
    while (this.events && !this.paused) {
      const delivery = this.early.shift()
      if (!delivery) return
      delivery(this.events)
    }
  }

  private receive(delivery: (events: MessageSocketEvents) => void): void {
    if (this.open) this.deliver(delivery)
  }

  private deliver(delivery: (events: MessageSocketEvents) => void): void {
    this.early.push(delivery)
    this.deliverEarly()
  }

  private end(code: number, reason: string): void {
    if (!this.open) return
    this.open = false
    this.deliver((events) => {
      events.onClose(code, reason)
    })
  }
}
