import {Transform, type TransformCallback} from 'node:stream'

const mostNoise = 256 * 1024

/** Output from the line with the mark on; what is before it is dropped. */
export class MarkedOutput extends Transform {
  /** What stands behind the mark; `undefined` once the output is over without one, or had too much before it. */
  readonly begun: Promise<string | undefined>
  /** What came before the mark. */
  noise = Buffer.alloc(0)
  private found: ((text: string | undefined) => void) | undefined

  constructor(private readonly mark: string) {
    super({highWaterMark: 1024 * 1024})
    this.begun = new Promise((resolve) => {
      this.found = resolve
    })
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (!this.found) {
      done(null, chunk)
      return
    }
    this.noise = Buffer.concat([this.noise, chunk])
    const at = this.noise.indexOf(`${this.mark} `)
    const end = at < 0 ? -1 : this.noise.indexOf('\n', at)
    if (end >= 0) {
      this.push(this.noise.subarray(end + 1))
      this.settle(this.noise.toString('utf8', at + this.mark.length + 1, end).trim())
    } else if (this.noise.length > mostNoise) this.settle(undefined)
    done()
  }

  override _flush(done: TransformCallback): void {
    this.settle(undefined)
    done()
  }

  private settle(text: string | undefined): void {
    this.found?.(text)
    this.found = undefined
  }
}
