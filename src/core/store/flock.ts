import {spawn} from 'node:child_process'
import {HarnessError, systemCode} from '../base/errors.js'

/** What util-linux's `flock` answers when someone else has the lock. */
const conflict = 1

/**
 * Locks an open file without waiting; false when someone else has it. The lock belongs to the open file, not to the program that
 * asked for it, so it stays with our descriptor and the kernel frees it when we die.
 */
export async function flock(descriptor: number): Promise<boolean> {
  const {code, said} = await run(descriptor)
  if (code === 0) return true
  if (code === conflict) return false
  throw unsupported(`'flock -n 3' ended with ${code === null ? 'a signal' : `code ${code}`} ${said}`.trimEnd())
}

function run(descriptor: number): Promise<{readonly code: number | null; readonly said: string}> {
  return new Promise((resolve, reject) => {
    const child = spawn('flock', ['-n', '3'], {stdio: ['ignore', 'ignore', 'pipe', descriptor]})
    const said: Buffer[] = []
    child.stderr?.on('data', (bytes: Buffer) => said.push(bytes))
    child.on('error', (error) => {
      reject(systemCode(error) === 'ENOENT' ? unsupported("the program 'flock' is missing", error) : error)
    })
    child.on('close', (code) => {
      resolve({code, said: Buffer.concat(said).toString().trim()})
    })
  })
}

function unsupported(reason: string, cause?: unknown): HarnessError {
  return new HarnessError('PLATFORM_UNSUPPORTED', {
    subject: process.platform,
    reason,
    hint: "Install util-linux, which brings 'flock' (on Debian: apt-get install util-linux).",
    cause,
  })
}
