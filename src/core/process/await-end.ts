import type {ExitStatus} from '../contract/command.js'
import type {ProcessHost} from './host.js'
import {isAlive} from './identity.js'
import {isOfThisBoot, readExit, type ExitRecord, type RunPaths, type RunRecord} from './run-directory.js'
import {watchFile} from './watch-file.js'

export interface EndWatch extends Disposable {
  /** The shim's record, or why there will be none. */
  readonly ended: Promise<End>
  /** Looks now instead of at the next notice. */
  readonly look: () => void
  /** Waits no longer for a shim that does not write. */
  giveUp(reason: string): void
}

export type End = {readonly record: ExitRecord} | {readonly lost: string; readonly rebooted?: true}

/** What `wait` says about an end that nobody recorded. */
export function lostStatus(reason: string): ExitStatus {
  return {by: 'lost', reason}
}

/**
 * Waits for the end of a program. The notice comes from a watch on `exit` alone (log writes must not wake the daemon); a slow look
 * at the records and the two processes finds what the watch missed, and ends that nobody will ever record.
 */
export function awaitEnd(paths: RunPaths, run: RunRecord, host: ProcessHost): EndWatch {
  let settle: (end: End) => void = () => undefined
  const ended = new Promise<End>((resolve) => {
    settle = resolve
  })
  const resources: Disposable[] = []
  const dispose = (): void => {
    for (const resource of resources.splice(0)) resource[Symbol.dispose]()
  }
  const finish = (end: End): void => {
    dispose()
    settle(end)
  }
  const look = (): void => {
    let end
    try {
      end = findEnd(paths, run)
    } catch {
      // What cannot be read now (the daemon has no descriptor left) is read at the next look.
      return
    }
    if (end) finish(end)
  }
  const watch = (): void => {
    const watcher = watchFile(paths.exit, look)
    if (watcher) resources.push(watcher)
    resources.push((watcher && isAlive(run.shim) ? host.slow : host.fast).add(look))
    look()
  }
  const known = findEnd(paths, run)
  if (known) settle(known)
  else {
    try {
      watch()
    } catch (error) {
      dispose()
      throw error
    }
  }
  return {
    ended,
    look,
    giveUp: (reason) => {
      finish(findEnd(paths, run) ?? {lost: reason})
    },
    [Symbol.dispose]: dispose,
  }
}

function findEnd(paths: RunPaths, run: RunRecord): End | undefined {
  const record = readExit(paths)
  if (record) return {record}
  if (!isOfThisBoot(run.program)) return {lost: 'the machine was started again', rebooted: true}
  if (isAlive(run.shim) || isAlive(run.program)) return undefined
  const late = readExit(paths)
  return late ? {record: late} : {lost: 'the process that watched it was killed, so its exit code is not known'}
}
