import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import type {Readable} from 'node:stream'
import {oneLine, type Errors} from '../problem.js'
import type {RanThere, RemoteChannel, RemoteEnd} from './remote-host.js'
import {shellWord} from './shell-words.js'

export interface PutPlace {
  readonly errors: Errors
  /** Of the host. */
  readonly name: string
  readonly open: (command: string, signal: AbortSignal) => Promise<RemoteChannel>
  readonly run: (command: string, signal: AbortSignal) => Promise<RanThere>
}

export interface PutOptions {
  readonly mode?: number
  readonly signal: AbortSignal
}

/**
 * A file beside it, then renamed by a second command once all is known to have come: a link that is cut looks to the first like the end of its input.
 */
export async function putFile(
  place: PutPlace,
  content: Readable | Uint8Array,
  file: string,
  {mode = 0o600, signal}: PutOptions,
): Promise<void> {
  const part = `${file}.${randomBytes(6).toString('hex')}.part`
  const [target, beside] = [shellWord(path(file)), shellWord(path(part))]
  try {
    const size = await send(place, content, `umask 077 && set -C && cat >${beside}`, {file, signal})
    const bits = (mode & 0o7777).toString(8).padStart(4, '0')
    const steps = [
      `test "$(wc -c <${beside})" -eq ${size}`,
      `chmod ${bits} ${beside}`,
      `{ test ! -d ${target} || { echo 'it is a folder' >&2; false; }; }`,
      `mv -f ${beside} ${target}`,
    ]
    const {end, stderr} = await place.run(steps.join(' && '), signal)
    if (end.by !== 'code' || end.code !== 0) throw notWritten(place, file, end, stderr)
  } catch (error) {
    await place.run(`rm -f ${beside}`, AbortSignal.timeout(5000)).catch(() => undefined)
    throw error
  }
}

/** No name is an option. */
function path(file: string): string {
  return file.startsWith('-') ? `./${file}` : file
}

async function send(
  place: PutPlace,
  content: Readable | Uint8Array,
  command: string,
  {file, signal}: {readonly file: string; readonly signal: AbortSignal},
): Promise<number> {
  const channel = await place.open(command, signal)
  const said: Buffer[] = []
  channel.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  channel.stdout.resume()
  let size = 0
  // The library neither ends nor fails a write whose channel is gone.
  const over = new AbortController()
  const ended = channel.ended.finally(() => {
    over.abort()
  })
  try {
    for await (const chunk of content instanceof Uint8Array ? [content] : (content as AsyncIterable<Buffer | string>)) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      size += bytes.length
      if (!channel.stdin.write(bytes)) await once(channel.stdin, 'drain', {signal: over.signal}).catch(() => undefined)
      if (over.signal.aborted) break
    }
    channel.stdin.end()
    const end = await ended
    signal.throwIfAborted()
    if (end.by !== 'code' || end.code !== 0) throw notWritten(place, file, end, Buffer.concat(said))
    return size
  } finally {
    channel.close()
  }
}

function notWritten({errors, name}: PutPlace, file: string, end: RemoteEnd, stderr: Buffer): Error {
  if (end.by === 'lost') return errors.error('SSH_UNREACHABLE', {subject: name, reason: end.reason})
  const said = oneLine(stderr.toString('utf8')) || (end.by === 'signal' ? end.signal : `exit code ${end.code}`)
  return errors.error('SSH_REFUSED', {
    subject: name,
    reason: `it did not write '${oneLine(file)}': ${said}`,
    hint: 'See who may write there, and how much room is left.',
  })
}
