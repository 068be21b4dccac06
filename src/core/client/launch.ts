import {spawn} from 'node:child_process'
import {constants} from 'node:fs'
import {open, type FileHandle} from 'node:fs/promises'
import {Socket} from 'node:net'
import {messageOf, type HarnessError} from '../base/errors.js'
import {ensurePrivateDirectory} from '../base/private-files.js'
import {statePaths} from '../base/state-directory.js'
import {stateProblem} from '../base/state-problem.js'
import {hearStartFailure} from './start-failure.js'

export interface LaunchOptions {
  readonly stateDirectory: string
  /** A program by its absolute path, and its arguments, that runs a daemon for the state directory in the foreground. */
  readonly command: readonly string[]
  /** The daemon's whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Its standard input stays open as long as we live, however we end. @default false */
  readonly leash?: boolean
}

/** A daemon that was launched and may not answer yet. */
export interface Launched {
  /** Why it ended, `lost` when another daemon owns the state directory; `undefined` while it runs. */
  ended(): string | undefined
  /** What kept it from starting, when it has said so itself. */
  failure(): HarnessError | undefined
  /** What it wrote last into its log, at most 20 lines. */
  lastLines(): Promise<readonly string[]>
}

/** A daemon ends with it when another one owns the state directory. */
const lockedExit = 75
const tailBytes = 8192

/** Starts a daemon that may outlive us, in its own session, with its output in daemon.log of the state directory. */
export async function launch({stateDirectory, command, env, leash = false}: LaunchOptions): Promise<Launched> {
  await ensurePrivateDirectory(stateDirectory)
  const log = statePaths(stateDirectory).log
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW
  const output = await open(log, flags, 0o600).catch((error: unknown) => {
    throw stateProblem(log, error)
  })
  try {
    const begin = (await output.stat()).size
    const launched = spawnDetached({command, env, leash, directory: stateDirectory, output})
    return {...launched, lastLines: () => readTail(log, begin)}
  } finally {
    await output.close()
  }
}

function spawnDetached(options: {
  readonly command: readonly string[]
  readonly env: LaunchOptions['env']
  readonly leash: boolean
  readonly directory: string
  readonly output: FileHandle
}): Pick<Launched, 'ended' | 'failure'> {
  const [program = '', ...args] = options.command
  let ended: string | undefined
  const child = spawn(program, args, {
    detached: true,
    cwd: options.directory,
    env: options.env,
    stdio: [options.leash ? 'pipe' : 'ignore', options.output.fd, options.output.fd, 'ipc'],
  })
  const failure = hearStartFailure(child)
  child.once('error', (error) => {
    ended = `'${program}' could not be run: ${messageOf(error)}`
  })
  // Not 'exit': what it has said last may come after that.
  child.once('close', (code, signal) => {
    ended ??=
      code === lockedExit
        ? 'lost'
        : code === null
          ? `it was ended by ${signal ?? 'a signal'}`
          : `it ended with code ${code}`
  })
  child.unref()
  if (child.stdin instanceof Socket) child.stdin.unref()
  return {ended: () => ended, failure}
}

async function readTail(file: string, begin: number): Promise<readonly string[]> {
  const handle = await open(file, 'r')
  try {
    const {size} = await handle.stat()
    const from = Math.max(begin, size - tailBytes)
    const {buffer, bytesRead} = await handle.read(
      Buffer.alloc(Math.max(0, size - from)),
      0,
      Math.max(0, size - from),
      from,
    )
    const text = buffer.subarray(0, bytesRead).toString()
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-20)
  } finally {
    await handle.close()
  }
}
