import type {Channel} from 'ssh2'

/** A connection through the host: disposing closes it. */
export function disposable(channel: Channel): NodeJS.ReadWriteStream & Disposable & {destroy(): unknown} {
  // What becomes of it is told by its end.
  channel.on('error', () => undefined)
  return Object.assign(channel, {
    [Symbol.dispose]: () => {
      channel.destroy()
      channel.resume()
    },
  })
}
