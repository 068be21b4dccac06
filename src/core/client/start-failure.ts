import type {ChildProcess} from 'node:child_process'
import {isHarnessError, type HarnessError} from '../base/errors.js'
import {isJsonObject, type Json} from '../base/json.js'
import {fromErrorObject, readErrorObject, toErrorObject} from '../protocol/errors.js'

/**
 * Tells whoever launched this daemon why it cannot start, by the channel that `launch` has opened, and resolves when that has left. What is
 * no error of ours stays in the log.
 */
export async function tellStartFailure(error: unknown): Promise<void> {
  if (!isHarnessError(error) || process.send === undefined) return
  const message = {startFailure: toErrorObject(error, error.subject)}
  // Nobody may listen any more.
  await new Promise((resolve) => process.send?.(message, resolve))
}

/** This daemon has started: whoever launched it needs no channel any more. */
export function endLaunch(): void {
  if (process.connected) process.disconnect()
}

/** What a daemon that was launched says about itself; `undefined` until it has said something. */
export function hearStartFailure(child: ChildProcess): () => HarnessError | undefined {
  let heard: HarnessError | undefined
  child.on('message', (message) => {
    heard ??= failureIn(message as Json)
  })
  // A daemon must not keep the process alive that launched it.
  child.channel?.unref()
  return () => heard
}

function failureIn(message: Json): HarnessError | undefined {
  const failure = isJsonObject(message) ? readErrorObject(message['startFailure']) : undefined
  return failure && fromErrorObject(failure, 'harness daemon')
}
