import type {Readable} from 'node:stream'
import type {RanThere, RemoteChannel, RunOptions} from './remote-host.js'

const usualLimit = 1024 * 1024
/** Output that comes after the end comes before such a silence, unless something was left behind that holds it open. */
const silenceMs = 3000

/** A command from begin to end. */
export async function runCommand(
  open: (signal: AbortSignal) => Promise<RemoteChannel>,
  {input, limit = usualLimit, signal}: RunOptions,
): Promise<RanThere> {
  const channel = await open(signal)
  const stdout = collected(channel.stdout, limit)
  const stderr = collected(channel.stderr, limit)
  channel.stdin.end(input)
  const end = await channel.ended
  try {
    signal.throwIfAborted()
    if (end.by !== 'lost') await quiet([stdout, stderr])
    return {end, stdout: stdout.bytes(), stderr: stderr.bytes()}
  } finally {
    channel.close()
  }
}

interface Collected {
  readonly ended: Promise<void>
  /** When it has last said something. */
  readonly last: () => number
  bytes(): Buffer
}

/** The first bytes of it; the rest is read too, so that whoever writes goes on. */
function collected(stream: Readable, limit: number): Collected {
  const chunks: Buffer[] = []
  let size = 0
  let last = performance.now()
  stream.on('data', (chunk: Buffer) => {
    last = performance.now()
    const kept = chunk.subarray(0, limit - size)
    size += kept.length
    if (kept.length > 0) chunks.push(kept)
  })
  return {
    ended: new Promise((resolve) => stream.once('end', resolve).once('close', resolve)),
    last: () => last,
    bytes: () => Buffer.concat(chunks),
  }
}

async function quiet(streams: readonly Collected[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<void>((resolve) => {
    const begun = performance.now()
    const look = (): void => {
      const left = Math.max(begun, ...streams.map(({last}) => last())) + silenceMs - performance.now()
      if (left <= 0) resolve()
      else timer = setTimeout(look, left)
    }
    look()
  })
  await Promise.race([Promise.all(streams.map(({ended}) => ended)), silence])
  clearTimeout(timer)
}
