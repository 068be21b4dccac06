/** What a JSON-RPC peer stands on: text frames both ways. A WebSocket in production, a pair in memory in tests. */
export interface MessageSocket {
  /** Queues one frame. Does nothing once the socket is closed. */
  send(text: string): void
  /** Bytes handed to `send` that have not left this process yet. */
  readonly bufferedBytes: number
  /** Asks the other end whether it is there; the answer arrives as `onAlive`. */
  ping(): void
  /** Says goodbye after everything queued has left. */
  close(code: number, reason: string): void
  /** Takes nothing from the other end, its pings neither, until `resume`. A little may still arrive that was on its way. */
  pause(): void
  resume(): void
  /** Drops the connection at once. */
  terminate(): void
  /** To be called once, before anything can arrive. */
  listen(events: MessageSocketEvents): void
}

export interface MessageSocketEvents {
  /** A text frame; `undefined` stands for a binary one, which nobody should send. */
  onMessage(text: string | undefined): void
  /** Anything at all came from the other end, at least the answer to a ping. */
  onAlive(): void
  /** Something that was queued has left: `bufferedBytes` is smaller now. */
  onDrain(): void
  /** The connection is over. Called once. */
  onClose(code: number, reason: string): void
}

/** The standard code for a connection that was cut without a goodbye. */
export const abnormalClosure = 1006
