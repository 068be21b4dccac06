import {createReadStream, createWriteStream} from 'node:fs'
import {once} from 'node:events'
import path from 'node:path'
import {Transform, type Writable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {createGzip} from 'node:zlib'
import type {Pack, Headers} from 'tar-stream'
import type {PackagedFile} from '../manifest.js'
import {entryTime, filesFolder, manifestName} from './layout.js'

interface Content {
  readonly folder: string
  readonly files: readonly PackagedFile[]
  /** The text of the manifest. */
  readonly manifest: string
}

/** Writes the archive of a package, the same bytes for the same files. Rejects where a file has become shorter since its manifest was made. */
export async function writeArchive(content: Content, file: string): Promise<void> {
  const {default: tar} = await import('tar-stream')
  const pack = tar.pack()
  const written = pipeline(pack, createGzip({level: 9}), nameless(), createWriteStream(file, {flags: 'wx'}))
  const filled = fill(pack, content).catch((error: unknown) => {
    pack.destroy(error instanceof Error ? error : new Error(String(error)))
    throw error
  })
  // The first reason is that of the one who fills it.
  const [filling, writing] = await Promise.allSettled([filled, written])
  if (filling.status === 'rejected') throw filling.reason
  if (writing.status === 'rejected') throw writing.reason
}

async function fill(pack: Pack, {folder, files, manifest}: Content): Promise<void> {
  await addText(pack, {...common, name: manifestName, mode: 0o644}, manifest)
  for (const file of files) await addFile(pack, folder, file)
  pack.finalize()
}

const common = {uid: 0, gid: 0, uname: '', gname: '', mtime: entryTime} as const

async function addFile(pack: Pack, folder: string, file: PackagedFile): Promise<void> {
  const name = `${filesFolder}/${file.path}`
  if ('link' in file) {
    await addText(pack, {...common, name, type: 'symlink', linkname: file.link, mode: 0o777}, '')
    return
  }
  const headers = {...common, name, size: file.size, mode: Number.parseInt(file.mode, 8)}
  await new Promise<void>((resolve, reject) => {
    const entry = pack.entry(headers, (error) => {
      if (error) reject(changed(file.path, error))
      else resolve()
    })
    copy(createReadStream(path.join(folder, file.path)), entry, file.size).catch((error: unknown) => {
      reject(error instanceof Error ? error : new Error(String(error)))
    })
  })
}

/** No more than it had: what grows while it is read is found out by its checksum. */
async function copy(from: AsyncIterable<Buffer>, entry: Writable, size: number): Promise<void> {
  let left = size
  for await (const part of from) {
    const piece = part.subarray(0, left)
    left -= piece.length
    if (piece.length > 0 && !entry.write(piece)) await once(entry, 'drain')
    if (left === 0) break
  }
  entry.end()
}

function addText(pack: Pack, headers: Headers, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    pack.entry(headers, text, (error) => {
      if (error) reject(error)
      else resolve()
    })
  })
}

function changed(name: string, cause: Error): Error {
  return new Error(`'${name}' has changed while it was packed`, {cause})
}

/** The head of a gzip file names the system that it was made on; here none, so that all make the same. */
function nameless(): Transform {
  const place = 9
  let passed = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (passed <= place && passed + chunk.length > place) chunk[place - passed] = 255
      passed += chunk.length
      done(null, chunk)
    },
  })
}
