import {spawn} from 'node:child_process'
import {createInterface} from 'node:readline'
import type {LogLine} from '../../../src/core/contract/log.js'
import {bin, type Sandbox} from '../../support/harness.js'

/** `harness logs -f` as a process of its own, which can be stalled. */
export interface LogFollower extends AsyncDisposable {
  stall(): void
  goOn(): void
  /** It has ended by itself. */
  readonly hasEnded: boolean
}

/** Hands each line of output to `hear`. */
export function followLogs(sandbox: Sandbox, args: readonly string[], hear: (line: string) => void): LogFollower {
  const child = spawn(process.execPath, [bin, 'logs', '-f', '--tail', 'all', ...args], {
    cwd: sandbox.folder,
    env: sandbox.env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let hasEnded = false
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => {
      hasEnded = true
      resolve()
    })
  })
  createInterface({input: child.stdout}).on('line', hear)
  return {
    stall: () => child.kill('SIGSTOP'),
    goOn: () => child.kill('SIGCONT'),
    get hasEnded() {
      return hasEnded
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Adds up what a reader of one stream got, in order; throws at a place where anything is there twice or missing. */
export class Ledger {
  /** Everything before is accounted for. */
  position = 0
  received = 0
  lost = 0
  gaps = 0

  add({offset, next, gap, text}: LogLine): void {
    if (gap) {
      this.gaps += 1
      this.lost += gap.bytes ?? Number.NaN
      this.position += gap.bytes ?? Number.NaN
    }
    if (offset !== this.position) throw new Error(`Expected ${this.position}, got ${offset}: ${text.slice(0, 80)}`)
    this.received += next - offset
    this.position = next
  }
}
