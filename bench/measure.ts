import {spawn} from 'node:child_process'
import {access, constants} from 'node:fs/promises'
import path from 'node:path'
import {performance} from 'node:perf_hooks'

export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface Timed {
  /** When it began, in milliseconds since the epoch. */
  readonly began: number
  readonly ms: number
}

/** Runs a command to its end and answers how long that took. Rejects when it fails, with what it printed. */
export function time({program, args, env}: Command): Promise<Timed> {
  const began = performance.timeOrigin + performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {env: {...cleanEnvironment(), ...env}, stdio: ['ignore', 'pipe', 'pipe']})
    let output = ''
    const read = (bytes: Buffer): void => {
      output += bytes.toString()
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', reject)
    // Daemons may keep the pipes; the end of the command is what counts.
    child.once('exit', (code, signal) => {
      const ms = performance.timeOrigin + performance.now() - began
      if (code === 0) resolve({began, ms})
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code ?? signal ?? 'nothing'}:\n${output}`))
    })
  })
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** The absolute path of a program of PATH. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const file = path.join(folder, name)
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return file
  }
  return undefined
}

/** Without what would slow every Node down or change what is measured. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const unwanted = /^(npm_|NODE_OPTIONS$|NODE_EXTRA_CA_CERTS$|NODE_ENV$|HARNESS_)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !unwanted.test(name)))
}
