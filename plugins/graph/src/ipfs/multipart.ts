import {createReadStream} from 'node:fs'
import {randomUUID} from 'node:crypto'

/** A file or a folder to be sent. `path` has no slash in front. */
export type Part =
  | {readonly path: string; readonly folder: true}
  | {readonly path: string; readonly bytes: Uint8Array}
  | {readonly path: string; readonly file: string}

export interface Form {
  readonly contentType: string
  readonly body: AsyncIterable<Uint8Array>
}

/** What is sent to `add`, as Kubo wants it: files are read from the disk while they are sent. */
export function formOf(parts: readonly Part[]): Form {
  const boundary = `harness-${randomUUID()}`
  return {contentType: `multipart/form-data; boundary=${boundary}`, body: bodyOf(parts, boundary)}
}

async function* bodyOf(parts: readonly Part[], boundary: string): AsyncIterable<Uint8Array> {
  for (const part of parts) {
    const type = 'folder' in part ? 'application/x-directory' : 'application/octet-stream'
    const disposition = `form-data; name="file"; filename="${encodeURIComponent(part.path)}"`
    yield Buffer.from(`--${boundary}\r\nContent-Disposition: ${disposition}\r\nContent-Type: ${type}\r\n\r\n`)
    if ('bytes' in part) yield part.bytes
    if ('file' in part) yield* createReadStream(part.file) as AsyncIterable<Buffer>
    yield Buffer.from('\r\n')
  }
  yield Buffer.from(`--${boundary}--\r\n`)
}
