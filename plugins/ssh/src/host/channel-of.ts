import type {ClientChannel} from 'ssh2'
import type {Connection} from '../connect/connection.js'
import type {Seat} from '../connect/sessions.js'
import {MarkedOutput} from './marked-output.js'
import type {RemoteChannel, RemoteEnd} from './remote-host.js'

/** So long after the end of a command its output is waited for: what it has left behind may hold it open. */
const lastWordsMs = 1000

/** A command that was sent. */
export interface Sent {
  readonly channel: ClientChannel
  readonly stdout: MarkedOutput
  readonly ended: Promise<RemoteEnd>
  readonly close: () => void
}

export interface ChannelPlace {
  readonly connection: Connection
  readonly seat: Seat
  readonly mark: string
}

/** Must be called at once with what the library gives: all that comes may come in the same moment. */
export function sent(channel: ClientChannel, {connection, seat, mark}: ChannelPlace): Sent {
  // A write may meet a link that is being cut; `ended` tells.
  channel.on('error', () => undefined)
  channel.stderr.on('error', () => undefined)
  const stdout = channel.pipe(new MarkedOutput(mark))
  const letGo = new AbortController()
  return {
    channel,
    stdout,
    ended: whenEnded(channel, {connection, seat}, letGo.signal),
    close: () => {
      channel.close()
      channel.unpipe(stdout)
      channel.resume()
      channel.stderr.resume()
      stdout.end()
      letGo.abort()
    },
  }
}

/** A command that has begun, as others see it. `kill` ends it there, at the latest after a while. */
export function channelOf(
  {channel, stdout, ended, close}: Sent,
  signal: AbortSignal,
  kill: () => Promise<void>,
): RemoteChannel {
  const end = (): void => {
    void kill()
      .catch(() => undefined)
      .finally(close)
  }
  signal.addEventListener('abort', end, {once: true})
  if (signal.aborted) end()
  return {
    ...{stdin: channel, stdout, stderr: channel.stderr},
    ended: ended.finally(() => {
      signal.removeEventListener('abort', end)
    }),
    resize: (columns, rows) => {
      channel.setWindow(rows, columns, 0, 0)
    },
    close,
  }
}

async function whenEnded(
  channel: ClientChannel,
  {connection, seat}: Pick<ChannelPlace, 'connection' | 'seat'>,
  letGo: AbortSignal,
): Promise<RemoteEnd> {
  let end: RemoteEnd | undefined
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<RemoteEnd>((resolve) => {
      const lost = (reason: string): RemoteEnd => end ?? {by: 'lost', reason}
      channel.once('exit', (code: number | null, name?: string) => {
        end = code === null ? {by: 'signal', signal: name ?? 'SIGKILL'} : {by: 'code', code}
        timer = setTimeout(resolve, lastWordsMs, end)
      })
      // For the host it takes up room until it has ended there, also when it was let go.
      const cut = connection.onClosed((reason) => {
        seat[Symbol.dispose]()
        resolve(lost(reason))
      })
      channel.once('close', () => {
        cut[Symbol.dispose]()
        seat[Symbol.dispose]()
        resolve(lost('the host has closed it without a word'))
      })
      letGo.addEventListener('abort', () => {
        resolve(lost('it was let go'))
      })
    })
  } finally {
    clearTimeout(timer)
  }
}
