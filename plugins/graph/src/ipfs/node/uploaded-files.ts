import {Busboy} from '@fastify/busboy'
import type {IncomingMessage} from 'node:http'
import {Transform, type Readable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {NodeError} from './node-error.js'

/** What came in a form. */
export interface UploadedFile {
  /** `folder/file`, with nothing in it that leads out; empty for one without a name. */
  readonly path: readonly string[]
  readonly isFolder: boolean
  /** Must be read to its end. */
  readonly bytes: Readable
}

export interface UploadLimits {
  readonly bytes: number
  readonly files: number
}

/** Calls `each` with one file after the other, while they come. Rejects with the first error, of the form or of `each`. */
export async function uploadedFiles(
  request: IncomingMessage,
  limits: UploadLimits,
  each: (file: UploadedFile) => Promise<void>,
): Promise<void> {
  const type = request.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) throw new NodeError(`file argument 'path' is required`, 400)
  const form = new Busboy({
    headers: {...request.headers, 'content-type': type},
    preservePath: true,
    limits: {parts: limits.files, headerSize: 16 * 1024},
    isPartAFile: () => true,
  })
  let [work, parts] = [Promise.resolve(), 0]
  form.on('file', (...[, bytes, name, , mimeType]) => {
    const filename = name as string | undefined
    parts += 1
    bytes.on('error', () => undefined)
    work = work.then(async () => {
      await each({path: pathOf(filename ?? ''), isFolder: mimeType === 'application/x-directory', bytes})
    })
    work.catch((error: unknown) => form.destroy(error as Error))
  })
  form.on('partsLimit', () => {
    form.destroy(new NodeError(`the built-in IPFS server takes at most ${limits.files} files at once: use Kubo`))
  })
  await pipeline(request, counted(limits.bytes), form)
  await work
  if (parts === 0) throw new NodeError('expected a file argument')
}

function counted(most: number): Transform {
  let size = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      if (size <= most) done(null, chunk)
      else done(new NodeError(`the built-in IPFS server takes at most ${most} bytes at once: use Kubo`))
    },
  })
}

/** Names come percent-encoded, since they have slashes. */
function pathOf(filename: string): readonly string[] {
  let name: string
  try {
    name = decodeURIComponent(filename)
  } catch {
    throw new NodeError(`invalid file name ${JSON.stringify(filename)}`)
  }
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) throw new NodeError(`invalid file name ${JSON.stringify(name)}`)
  return parts
}
