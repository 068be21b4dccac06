import {messageOf} from '../base/errors.js'
import {findWorkload} from '../service/find-workload.js'
import type {AttemptRecord} from '../service/record.js'
import type {TaskHost} from './task-host.js'
import {outputFile, removeOutputFile} from './task-output-file.js'

/** Removes what old attempts of a task left on disk, in its own time. */
export function discardAttempts(task: string, attempts: readonly AttemptRecord[], host: TaskHost): void {
  for (const attempt of attempts) {
    discard(task, attempt, host).catch((error: unknown) => {
      const {id} = attempt.saved
      host.log.warn('an old attempt could not be removed', {id, error: messageOf(error)})
    })
  }
}

async function discard(task: string, {saved, instance}: AttemptRecord, host: TaskHost): Promise<void> {
  await removeOutputFile(outputFile(host, task, instance))
  const handle = await findWorkload(host.executor(saved.executor), saved, host.clock)
  await handle?.destroy()
  handle?.release()
}
