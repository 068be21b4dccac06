import type {TerminalSize} from '../contract/session.js'
import {limits} from '../protocol/messages.js'
import type {Notifications} from '../protocol/notifications.js'
import {ReceiveQueue, type ReceivedBytes} from './receive-queue.js'
import {SendWindow} from './send-window.js'

export type ChannelControl =
  {readonly kind: 'resize'; readonly size: TerminalSize} | {readonly kind: 'signal'; readonly signal: string}

/** The daemon's end of the channel that belongs to a request: bytes both ways, each way no faster than its reader. */
export interface CallChannel {
  /** What the client sends, until it says that there is no more. Closed without that, it ends as well. */
  readonly input: AsyncIterable<ReceivedBytes>
  /** Tells the client that what it asked for is there. */
  opened(): void
  /** Resolves once it is on its way, which is when the client has room for it. Does nothing once the request is over. */
  write(stream: 'stderr' | 'stdout', bytes: Uint8Array): Promise<void>
  /** Hears sizes and signals, those from before as well. For one listener. */
  onControl(listener: (control: ChannelControl) => void): void
}

export type SendInChannel = <Name extends '$/credit' | '$/opened' | '$/output'>(
  method: Name,
  params: Notifications[Name],
) => void

/** Sizes and signals that nobody has heard yet. Of more the oldest are left out. */
const mostEarly = 64

/** `send` does not mask secrets: bytes are no text. */
export class ServerChannel implements CallChannel {
  readonly input: ReceiveQueue
  private readonly window = new SendWindow()
  private readonly early: ChannelControl[] = []
  private listener: ((control: ChannelControl) => void) | undefined

  constructor(
    private readonly id: number,
    private readonly send: SendInChannel,
  ) {
    this.input = new ReceiveQueue((bytes) => {
      send('$/credit', {channel: id, bytes})
    })
  }

  opened(): void {
    this.send('$/opened', {channel: this.id})
  }

  async write(stream: 'stderr' | 'stdout', bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const room = await this.window.take(Math.min(bytes.length - at, limits.chunkBytes))
      if (room === 0) return
      const data = Buffer.from(bytes.buffer, bytes.byteOffset + at, room).toString('base64')
      this.send('$/output', {channel: this.id, stream, data})
      at += room
    }
  }

  onControl(listener: (control: ChannelControl) => void): void {
    this.listener = listener
    for (const control of this.early.splice(0)) listener(control)
  }

  /** `false`: more than the window allows. */
  receive(bytes: Uint8Array): boolean {
    return this.input.push({stream: 'stdin', bytes})
  }

  control(control: ChannelControl): void {
    if (this.listener) this.listener(control)
    else this.early.push(control)
    if (this.early.length > mostEarly) this.early.shift()
  }

  credit(bytes: number): void {
    this.window.give(bytes)
  }

  /** The request is over. */
  close(): void {
    this.input.end()
    this.window.close()
  }
}
