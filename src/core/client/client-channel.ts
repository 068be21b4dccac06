import type {TerminalSize} from '../contract/session.js'
import {isJsonObject} from '../base/json.js'
import {SerialQueue} from '../base/serial-queue.js'
import {limits, type Notification} from '../protocol/messages.js'
import type {ClientNotifications} from '../protocol/notifications.js'
import {ReceiveQueue, type ReceivedBytes} from '../transport/receive-queue.js'
import {SendWindow} from '../transport/send-window.js'

type Send = <Name extends keyof ClientNotifications>(method: Name, params: ClientNotifications[Name]) => void

/** The client's end of the channel that belongs to a request. */
export class ClientChannel {
  readonly output: AsyncIterable<ReceivedBytes>
  private readonly received: ReceiveQueue
  private readonly window = new SendWindow()
  private readonly writes = new SerialQueue()
  private id = 0

  constructor(
    private readonly send: Send,
    private readonly onOpen: () => void,
  ) {
    this.received = new ReceiveQueue((bytes) => {
      send('$/credit', {channel: this.id, bytes})
    })
    this.output = this.received
  }

  /** The request is sent under this id. */
  opened(id: number): void {
    this.id = id
  }

  receive({method, params}: Notification): void {
    if (!isJsonObject(params)) return
    const {stream, data, bytes} = params
    if (method === '$/opened') this.onOpen()
    if (method === '$/credit' && typeof bytes === 'number') this.window.give(bytes)
    if (method !== '$/output' || typeof data !== 'string') return
    this.received.push({stream: stream === 'stderr' ? 'stderr' : 'stdout', bytes: Buffer.from(data, 'base64')})
  }

  /** Resolves once it is on its way, which is when the daemon has room for it. */
  write(bytes: Uint8Array): Promise<void> {
    return this.writes.run(async () => {
      for (let at = 0; at < bytes.length;) {
        const room = await this.window.take(Math.min(bytes.length - at, limits.chunkBytes))
        if (room === 0) return
        const data = Buffer.from(bytes.buffer, bytes.byteOffset + at, room).toString('base64')
        this.send('$/input', {channel: this.id, data})
        at += room
      }
    })
  }

  /** After what was written before. */
  end(): Promise<void> {
    return this.writes.run(() => {
      this.send('$/inputEnd', {channel: this.id})
    })
  }

  resize({columns, rows}: TerminalSize): void {
    this.send('$/resize', {channel: this.id, cols: columns, rows})
  }

  signal(signal: NodeJS.Signals): void {
    this.send('$/signal', {channel: this.id, signal})
  }

  /** The request is over. What has come can still be read. */
  close(): void {
    this.received.end()
    this.window.close()
  }
}
