import {anySignal} from '../../base/any-signal.js'
import type {LogSource} from '../../contract/log.js'
import type {SessionEnd} from '../../contract/status.js'
import {abortable} from '../../process/abortable.js'
import {findTail} from '../../process/log/find-tail.js'
import type {Attached} from '../../stack/stack-sessions.js'
import type {CallChannel} from '../../transport/call-channel.js'
import {sessionEnd} from './session-end.js'

interface AttachOptions {
  /** Lines of each stream to begin with. */
  readonly tail: number
  readonly signal: AbortSignal
}

const readBytes = 64 * 1024

/** Sends what a workload prints and gives it input until it has ended: answers how. `null`: all of the input was handed over, and no more comes. */
export async function attach(
  {handle, input}: Attached,
  channel: CallChannel,
  {tail, signal}: AttachOptions,
): Promise<SessionEnd | null> {
  const over = new AbortController()
  const finish = (): void => {
    over.abort()
  }
  const end = handle.wait(signal).then(sessionEnd).finally(finish)
  const left = new Promise<null>((resolve) => {
    if (input)
      void feed(channel, input)
        .then(() => {
          resolve(null)
        })
        .finally(finish)
  })
  channel.opened()
  const first = Promise.race([end, left])
  first.catch(() => undefined)
  await Promise.all(handle.logs.map((source) => send(source, channel, {tail, signal, over: over.signal})))
  return await first
}

/** Bytes as they are, for a prompt is no line. Ends with the last byte there is when it is `over`. */
async function send(
  source: LogSource,
  channel: CallChannel,
  {tail, signal, over}: AttachOptions & {readonly over: AbortSignal},
): Promise<void> {
  let {offset: position} = await findTail(source, {count: tail, range: {from: 0}, signal})
  using either = anySignal(signal, over)
  for (;;) {
    signal.throwIfAborted()
    const isLast = over.aborted
    const {bytes, offset, gap} = await source.read(position, readBytes)
    if (gap) await abortable(channel.write('stderr', Buffer.from(`harness: ${gap.text}\n`)), signal)
    await abortable(channel.write(source.stream, bytes), signal)
    position = offset + bytes.length
    if (bytes.length > 0) continue
    if (isLast) return
    await source.changed(position, either.signal).catch(() => undefined)
  }
}

async function feed({input}: CallChannel, taker: NonNullable<Attached['input']>): Promise<void> {
  for await (const {bytes} of input) await taker.write(bytes)
}
