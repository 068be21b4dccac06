import type {ParamsOf, ResultOf} from '../protocol/methods.js'
import type {Peer} from '../transport/rpc.js'
import {anySignal} from '../base/any-signal.js'
import type {ChannelMethod, OpenCall, OpenOptions} from './client.js'
import {ClientChannel} from './client-channel.js'

/** Sends a request and works its channel until it is answered. */
export function openCall<Name extends ChannelMethod>(
  peer: Peer,
  name: Name,
  params: ParamsOf<Name>,
  {signal, onOpen, onOutput}: OpenOptions,
): OpenCall<ResultOf<Name>> {
  const channel = new ClientChannel(
    (method, said) => {
      peer.notify(method, said)
    },
    () => onOpen?.(),
  )
  const failed = new AbortController()
  const taken = take(channel, onOutput).catch((error: unknown) => {
    failed.abort(error)
    throw error
  })
  const answer = async (): Promise<ResultOf<Name>> => {
    using either = anySignal(signal, failed.signal)
    try {
      return (await peer.request(name, params, {
        signal: either.signal,
        onSent: (id) => {
          channel.opened(id)
        },
        onNotification: (notification) => {
          channel.receive(notification)
        },
      })) as unknown as ResultOf<Name>
    } finally {
      channel.close()
    }
  }
  const result = Promise.all([answer(), taken]).then(([value]) => value)
  return {
    result,
    write: (bytes) => channel.write(bytes),
    end: () => channel.end(),
    resize: (size) => {
      channel.resize(size)
    },
    signal: (wanted) => {
      channel.signal(wanted)
    },
  }
}

async function take(channel: ClientChannel, onOutput: OpenOptions['onOutput']): Promise<void> {
  for await (const {stream, bytes} of channel.output) await onOutput(stream === 'stderr' ? 'stderr' : 'stdout', bytes)
}
