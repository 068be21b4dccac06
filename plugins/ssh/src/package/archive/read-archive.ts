import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import {Transform} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {createGunzip} from 'node:zlib'
import type {Headers} from 'tar-stream'
import type {Manifest, PackagedFile} from '../manifest.js'
import {PackageProblem, wordsOf} from '../problem.js'
import {filesFolder, manifestLimit, manifestName} from './layout.js'
import {parseManifest} from './manifest-text.js'

export interface ReadPackage {
  readonly manifest: Manifest
  /** Of the archive, in hex. */
  readonly sha256: string
  /** Of the archive, in bytes. */
  readonly size: number
}

/** Reads a package to its end and checks all of it against its manifest. PACKAGE_INVALID. `subject`: what its errors call it. @default the file */
export async function readArchive(file: string, subject = file): Promise<ReadPackage> {
  const {default: tar} = await import('tar-stream')
  const extract = tar.extract()
  const check = new ArchiveCheck(subject)
  extract.on('entry', (header: Headers, entry: AsyncIterable<Buffer>, next: (error?: unknown) => void) => {
    check.entry(header, entry).then(() => {
      next()
    }, next)
  })
  const whole = createHash('sha256')
  let size = 0
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      whole.update(chunk)
      size += chunk.length
      done(null, chunk)
    },
  })
  try {
    await pipeline(createReadStream(file), counted, createGunzip(), extract)
  } catch (error) {
    throw error instanceof PackageProblem ? error : unreadable(subject, error)
  }
  return {manifest: check.end(), sha256: whole.digest('hex'), size}
}

/** Compares the entries of an archive, as they come, with its manifest, which comes first. */
class ArchiveCheck {
  private manifest: Manifest | undefined
  private next = 0

  constructor(private readonly subject: string) {}

  async entry(header: Headers, content: AsyncIterable<Buffer>): Promise<void> {
    if (this.manifest) {
      const expected = this.manifest.files[this.next]
      this.next += 1
      await this.compare(expected, header, content)
      return
    }
    if (header.name !== manifestName || header.type !== 'file')
      throw this.broken(`it does not begin with ${manifestName}`)
    if ((header.size ?? 0) > manifestLimit) throw this.broken('its manifest is larger than 16 MiB')
    const parts: Buffer[] = []
    for await (const part of content) parts.push(part)
    this.manifest = parseManifest(Buffer.concat(parts).toString('utf8'), this.subject)
  }

  /** Nothing is missing. */
  end(): Manifest {
    const {manifest} = this
    if (!manifest) throw this.broken('it is empty')
    const missing = manifest.files[this.next]
    if (missing) throw this.broken(`it ends before '${missing.path}'`)
    return manifest
  }

  private async compare(
    expected: PackagedFile | undefined,
    header: Headers,
    content: AsyncIterable<Buffer>,
  ): Promise<void> {
    if (!expected || header.name !== `${filesFolder}/${expected.path}`)
      throw this.broken(`'${JSON.stringify(header.name).slice(1, -1)}' is in it and not at its place in the manifest`)
    const {path} = expected
    const difference = 'link' in expected ? linkDifference(expected, header) : fileDifference(expected, header)
    if (difference !== undefined) throw this.broken(`'${path}' ${difference}`)
    const hash = createHash('sha256')
    for await (const part of content) hash.update(part)
    if ('sha256' in expected && hash.digest('hex') !== expected.sha256)
      throw this.broken(`'${path}' is not the file that its manifest says: its checksum differs`)
  }

  private broken(reason: string): PackageProblem {
    return new PackageProblem(this.subject, reason, 'Build it again with `harness package build`, or copy it again.')
  }
}

type Plain = Exclude<PackagedFile, {readonly link: string}>
type Link = Extract<PackagedFile, {readonly link: string}>

function linkDifference({link}: Link, {type, linkname}: Headers): string | undefined {
  return type === 'symlink' && linkname === link ? undefined : `is not the link to '${link}' that its manifest says`
}

function fileDifference({size, mode}: Plain, header: Headers): string | undefined {
  if (header.type !== 'file') return 'is no plain file'
  if (header.size !== size) return `has ${header.size ?? 0} bytes, and ${size} by its manifest`
  const found = (header.mode ?? 0).toString(8)
  return found === mode ? undefined : `has mode ${found}, and ${mode} by its manifest`
}

function unreadable(subject: string, error: unknown): PackageProblem {
  const {code} = error as NodeJS.ErrnoException
  if (code === 'ENOENT')
    return new PackageProblem(subject, 'there is no such file', 'Build it with `harness package build`.', error)
  const isCut = code === 'Z_BUF_ERROR' || /unexpected end|premature close/i.test(wordsOf(error))
  const reason = isCut ? 'it is cut off' : `it is no archive of a package, or damaged (${wordsOf(error)})`
  return new PackageProblem(subject, reason, 'Build it again with `harness package build`, or copy it again.', error)
}
