import type {LogLine} from '@service-harness/cli/plugin'

/** The newest lines whose text has no more than so many bytes. The newest of all is cut when it alone has more. */
export class LastLines {
  private readonly lines: LogLine[] = []
  private bytes = 0
  omitted = 0

  constructor(private readonly maxBytes: number) {}

  get all(): readonly LogLine[] {
    return this.lines
  }

  add(line: LogLine): void {
    this.push(line)
    while (this.bytes > this.maxBytes && this.lines.length > 1) {
      this.bytes -= sizeOf(this.lines.shift())
      this.omitted += 1
    }
    if (this.bytes > this.maxBytes) this.push(cut(this.lines.pop() ?? line, this.maxBytes))
  }

  private push(line: LogLine): void {
    if (this.lines.length === 0) this.bytes = 0
    this.lines.push(line)
    this.bytes += sizeOf(line)
  }
}

/** With its line end. */
function sizeOf(line: LogLine | undefined): number {
  return line === undefined ? 0 : Buffer.byteLength(line.text) + 1
}

function cut(line: LogLine, maxBytes: number): LogLine {
  // No half of a character at the end.
  const text = new TextDecoder().decode(Buffer.from(line.text).subarray(0, maxBytes - 1), {stream: true})
  return {...line, text}
}
