import {isJsonObject, type Json, type JsonObject} from '../base/json.js'
import type {Notification} from '../protocol/messages.js'
import {ServerChannel, type SendInChannel} from './call-channel.js'

type Receiver = (channel: ServerChannel, params: JsonObject) => boolean

/** What a client says in a channel. `false`: it does not keep to the rules. */
const receivers: Readonly<Record<string, Receiver>> = {
  '$/input': (channel, {data}) => typeof data === 'string' && channel.receive(Buffer.from(data, 'base64')),
  '$/inputEnd'(channel) {
    channel.input.end()
    return true
  },
  '$/credit'(channel, {bytes}) {
    if (!isCount(bytes)) return false
    channel.credit(bytes)
    return true
  },
  '$/resize'(channel, {cols, rows}) {
    if (!isSize(cols) || !isSize(rows)) return false
    channel.control({kind: 'resize', size: {columns: cols, rows}})
    return true
  },
  '$/signal'(channel, {signal}) {
    if (typeof signal !== 'string') return false
    channel.control({kind: 'signal', signal})
    return true
  },
}

/** The channels of one client, each under the id of its request. */
export class CallChannels {
  private readonly open = new Map<number, ServerChannel>()

  constructor(
    private readonly send: SendInChannel,
    /** The client has sent what no client should. */
    private readonly onBreach: (reason: string) => void,
  ) {}

  /** Opens one, to be closed with its request. */
  add(id: number): Disposable & {readonly channel: ServerChannel} {
    const channel = new ServerChannel(id, this.send)
    this.open.set(id, channel)
    return {
      channel,
      [Symbol.dispose]: () => {
        this.open.delete(id)
        channel.close()
      },
    }
  }

  /** What is said in a channel that is closed is left: it was on its way. */
  receive({method, params}: Notification): void {
    const receiver = Object.hasOwn(receivers, method) ? receivers[method] : undefined
    if (!receiver || !isJsonObject(params)) return
    const channel = this.open.get(Number(params['channel']))
    if (channel && !receiver(channel, params)) this.onBreach(`${method}: more than its window, or no such parameters`)
  }
}

function isCount(value: Json | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0
}

function isSize(value: Json | undefined): value is number {
  return isCount(value) && value <= 65_535
}
