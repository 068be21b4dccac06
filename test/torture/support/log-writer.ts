/** What a writer prints: a number of twelve digits, then filling, 200 bytes with the line end. */
export const writtenLineBytes = 200

/**
 * A service that prints numbered lines once the file `go` is there, in bursts with a pause between them, and says in `written` how many
 * milliseconds it took. Then it stays.
 */
export function writerStack(options: {
  readonly lines: number
  readonly burst: number
  readonly pauseMs: number
  readonly logs: string
}): string {
  const {lines, burst, pauseMs, logs} = options
  return `
name: demo
services:
  writer:
    type: process
    binary: node
    args:
      - -e
      - |
        const fs = require('fs')
        const filling = ' ' + 'x'.repeat(${writtenLineBytes - 14}) + '\\n'
        let said = 0
        let began
        const say = () => {
          const count = Math.min(${burst}, ${lines} - said)
          let text = ''
          for (let i = 0; i < count; i += 1) text += String(said + i).padStart(12, '0') + filling
          for (let bytes = Buffer.from(text), at = 0; at < bytes.length; ) at += fs.writeSync(1, bytes, at)
          said += count
          if (said < ${lines}) return void setTimeout(say, ${pauseMs})
          fs.writeFileSync('written.part', String(Math.round(performance.now() - began)))
          fs.renameSync('written.part', 'written')
          setInterval(() => undefined, 1e6)
        }
        const wait = () => {
          if (!fs.existsSync('go')) return void setTimeout(wait, 20)
          began = performance.now()
          say()
        }
        wait()
    logs: ${logs}
`
}
