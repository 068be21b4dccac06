import path from 'node:path'
import {withDeadline} from '../base/deadline.js'
import {formatDuration} from '../base/duration.js'
import {HarnessError} from '../base/errors.js'
import {exists} from '../base/private-files.js'
import type {CommandLine, TaskDefinition} from '../contract/stack.js'
import type {TaskContext, TaskType} from '../contract/task-type.js'
import {narrowEnvironment} from '../service/environment.js'
import type {SupervisorHost} from '../service/supervisor-host.js'

export interface CompletenessOptions {
  readonly name: string
  readonly definition: TaskDefinition
  readonly host: Pick<SupervisorHost, 'clock' | 'fill' | 'hostExec' | 'stack'>
  readonly callerEnv: Readonly<Record<string, string>>
  readonly type: TaskType
  readonly input: unknown
  readonly context: TaskContext
}

/** How long the command of `status` may take. */
const statusMs = 30_000

/** Why a task has nothing to do, when all that can be asked says so; `undefined` when any says no, or there is nothing to ask. */
export async function whyComplete(options: CompletenessOptions): Promise<string | undefined> {
  const {definition, type, input, context} = options
  const reasons: string[] = []
  if (definition.creates !== undefined) {
    const {file} = options.host.fill({file: definition.creates}, [])
    if (!(await exists(path.resolve(options.host.stack.directory, file)))) return undefined
    reasons.push(`creates ${file} exists`)
  }
  if (definition.status) {
    if (!(await statusHolds(definition.status, options))) return undefined
    reasons.push(`status ${definition.status.program} says that it is done`)
  }
  if (type.isComplete) {
    if (!(await type.isComplete(input, context))) return undefined
    if (reasons.length === 0) reasons.push(`task type '${type.type}' says that it is done`)
  }
  return reasons.length === 0 ? undefined : reasons.join(' and ')
}

async function statusHolds(command: CommandLine, options: CompletenessOptions): Promise<boolean> {
  const {host, definition, callerEnv, name, context} = options
  const failed = (reason: string): HarnessError => new HarnessError('TASK_FAILED', {subject: name, reason})
  const {program, args} = host.fill<{program: string; args: readonly string[]}>({...command}, [])
  const env = {...narrowEnvironment(callerEnv, definition.inheritEnv), ...host.fill(definition.env, [])}
  const {status} = await withDeadline((signal) => host.hostExec({program, args, env}, signal), {
    clock: host.clock,
    ms: statusMs,
    signal: context.signal,
    onTimeout: () => failed(`its status command ${command.program} had not ended after ${formatDuration(statusMs)}`),
  })
  if (status.by !== 'code') return false
  // A command that is not there says nothing about the task. What references brought may be secret: it is named as the file does.
  if (status.startFailure !== undefined) {
    const why = program === command.program ? status.startFailure : `${command.program} is not there or not executable`
    throw failed(`its status command cannot be run: ${why}`)
  }
  return status.code === 0
}
