import type {FileHandle} from 'node:fs/promises'
import {failpoint} from '../base/failpoint.js'
import {journalHeader} from './format.js'
import {encodeLine} from './line.js'

export interface Refused {
  readonly ok: false
  readonly stage: 'sync' | 'write'
  readonly cause: unknown
}

/**
 * The append-only half of the journal. A failed write leaves the file at its last good length, at the latest before the next append;
 * after a failed sync nobody knows what the disk holds, so the caller must not append again.
 */
export class JournalFile implements AsyncDisposable {
  private dirty = false

  constructor(
    private readonly handle: FileHandle,
    /** Bytes that are known to be whole. */
    private goodLength: number,
  ) {}

  async append(lines: readonly Buffer[]): Promise<Refused | {readonly ok: true}> {
    const header = this.goodLength === 0 ? [encodeLine(journalHeader())] : []
    const bytes = Buffer.concat([...header, ...lines])
    try {
      if (this.dirty) await this.cutBack()
      this.dirty = true
      await this.write(bytes)
      failpoint('mid-commit')
    } catch (cause) {
      await this.cutBack().catch(() => undefined)
      return {ok: false, stage: 'write', cause}
    }
    try {
      await this.handle.datasync()
    } catch (cause) {
      await this.cutBack().catch(() => undefined)
      return {ok: false, stage: 'sync', cause}
    }
    this.dirty = false
    this.goodLength += bytes.length
    return {ok: true}
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.handle.close()
  }

  private async write(bytes: Buffer): Promise<void> {
    let done = 0
    while (done < bytes.length) {
      const {bytesWritten} = await this.handle.write(bytes, done, bytes.length - done, this.goodLength + done)
      if (bytesWritten === 0) throw new Error('the disk took no more bytes')
      done += bytesWritten
    }
  }

  private async cutBack(): Promise<void> {
    await this.handle.truncate(this.goodLength)
    this.dirty = false
  }
}
