import {closeSync, constants, fchmodSync, fstatSync, openSync, statSync, unlinkSync} from 'node:fs'
import path from 'node:path'
import {systemClock} from '../base/clock.js'
import {HarnessError, systemCode} from '../base/errors.js'
import {ensurePrivateDirectory} from '../base/private-files.js'
import {stateProblem} from '../base/state-problem.js'
import {flock} from './flock.js'
import {isAlive, readOwner, writeOwner, type Owner} from './owner.js'

/** A new owner needs a moment to write its name; how long to wait for that before refusing without one. */
const patience = {tries: 100, everyMs: 20}

/**
 * Makes this process the only owner of a state directory, until disposed of or dead: the kernel's lock on the file counts, not the
 * file. Refused with STATE_LOCKED naming the owner.
 */
export async function takeOwnership(paths: {readonly lock: string}): Promise<AsyncDisposable> {
  await ensurePrivateDirectory(path.dirname(paths.lock))
  for (let attempt = 1; ; attempt += 1) {
    const answer = await tryToTake(paths.lock)
    if (answer.kind === 'taken') return ownership(paths.lock, answer.descriptor)
    if (answer.kind === 'refused') {
      if (answer.owner && isAlive(answer.owner)) throw locked(paths.lock, answer.owner)
      if (attempt >= patience.tries) throw locked(paths.lock, undefined)
      await systemClock.sleep(patience.everyMs)
    }
  }
}

type Answer =
  | {readonly kind: 'refused'; readonly owner: Owner | undefined}
  | {readonly kind: 'replaced'}
  | {readonly kind: 'taken'; readonly descriptor: number}

async function tryToTake(file: string): Promise<Answer> {
  // A bare descriptor: a FileHandle that nobody refers to any more would be closed, and the lock gone with it.
  const descriptor = openLock(file)
  let answer: Answer | undefined
  try {
    if (!(await flock(descriptor))) answer = {kind: 'refused', owner: readOwner(descriptor)}
    else if (!isNamed(file, descriptor)) answer = {kind: 'replaced'}
    else {
      writeName(file, descriptor)
      answer = {kind: 'taken', descriptor}
    }
    return answer
  } finally {
    if (answer?.kind !== 'taken') closeSync(descriptor)
  }
}

function openLock(file: string): number {
  try {
    const descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
    fchmodSync(descriptor, 0o600)
    return descriptor
  } catch (error) {
    if (systemCode(error) !== 'ELOOP') throw stateProblem(file, error)
    const directory = path.dirname(file)
    throw new HarnessError('STATE_UNSAFE', {subject: directory, reason: `'${file}' is a symbolic link`, cause: error})
  }
}

function writeName(file: string, descriptor: number): void {
  try {
    writeOwner(descriptor)
  } catch (error) {
    throw stateProblem(file, error)
  }
}

/** Whether the path still leads to this very file. An owner that left has removed it, and its successor locks another. */
function isNamed(file: string, descriptor: number): boolean {
  const named = statSync(file, {throwIfNoEntry: false})
  const held = fstatSync(descriptor)
  return named?.ino === held.ino && named.dev === held.dev
}

function ownership(file: string, descriptor: number): AsyncDisposable {
  let held = true
  return {
    [Symbol.asyncDispose]() {
      if (held) {
        held = false
        // While the lock is still held, so that the file removed is never a successor's.
        if (isNamed(file, descriptor)) unlinkSync(file)
        closeSync(descriptor)
      }
      return Promise.resolve()
    },
  }
}

function locked(file: string, owner: Owner | undefined): HarnessError {
  return new HarnessError('STATE_LOCKED', {
    subject: path.dirname(file),
    reason: owner ? `process ${owner.pid} has held it since ${owner.startedAt}` : 'its owner did not give its name',
    details: owner ? {pid: owner.pid, startedAt: owner.startedAt} : null,
  })
}
