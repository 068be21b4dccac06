import {errorTable} from '../core/base/error-table.js'
import {isErrorCode} from '../core/base/errors.js'
import {newId} from '../core/base/ids.js'
import {printable} from '../core/base/printable.js'
import type {FailureReport, TaskStatus} from '../core/contract/status.js'
import type {Progress} from '../core/protocol/notifications.js'
import {callerValues} from './caller-values.js'
import type {StackChoiceFlags} from './flags.js'
import {interrupted, interruptedExit} from './interruptible.js'
import {outcomeLines} from './print-outcome.js'
import {printTaskEvent} from './print-task-event.js'
import {openStack} from './open-stack.js'
import {readStackIfAny} from './read-stack.js'
import {runRequest} from './run-request.js'
import type {Terminal} from './terminal.js'
import {withDaemon, type Host} from './with-daemon.js'

export interface TaskWish {
  readonly choice: StackChoiceFlags
  readonly task: string
  readonly force: boolean
}

interface TaskEnd {
  readonly task: TaskStatus
  readonly failure: FailureReport | null
}

/** `harness task run`: answers the exit code. */
export async function runTask(host: Host, wish: TaskWish): Promise<number> {
  const {terminal} = host
  const {choice, task, force} = wish
  const loaded = await readStackIfAny(choice, terminal)
  return withDaemon(
    host,
    async (client) => {
      const {stack, loaded: current} = await openStack(client, loaded, {choice, terminal})
      const params = {stack, task, force, ...(await callerValues(current, host)), requestId: newId()}
      const show = (onProgress: (progress: Progress) => void) => (progress: Progress) => {
        if ('task' in progress) printTaskEvent(terminal, progress, task)
        else onProgress(progress)
      }
      // What the task prints would tear a live view apart.
      const end = await runRequest(
        terminal,
        (onProgress) => client.call('task.run', params, {onProgress: show(onProgress)}),
        {live: false},
      )
      if (end === interrupted) {
        terminal.warn('The daemon goes on with the task. See it with `harness task list`.')
        return interruptedExit
      }
      print(terminal, end)
      return taskExit(end)
    },
    loaded,
  )
}

function print(terminal: Terminal, {task, failure}: TaskEnd): void {
  if (terminal.json) {
    terminal.data(
      failure
        ? {error: {code: failure.code, message: failure.reason, hint: failure.hint, details: {...failure}}}
        : {output: task.outputs},
      'line',
    )
    return
  }
  if (failure) for (const line of outcomeLines({failed: [failure]}, terminal.errorStyle)) terminal.warn(line)
  else if (task.state === 'Skipped') terminal.out(skipped(task))
  else terminal.out(`Task ${task.name}: ${task.state}.`)
}

function taskExit({task, failure}: TaskEnd): number {
  if (failure) return isErrorCode(failure.code) ? errorTable[failure.code].exit : 4
  return task.state === 'Blocked' || task.state === 'Failed' ? 4 : 0
}

function skipped({name, reason}: TaskStatus): string {
  const why = reason === null ? '' : ` (${printable(reason)})`
  return `Task ${name} is complete already${why}; --force runs it again.`
}
