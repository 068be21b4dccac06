import {HarnessError} from '../base/errors.js'
import type {ExitStatus, ProcessEvent} from '../contract/command.js'
import type {TaskType} from '../contract/task-type.js'
import type {WorkloadHandle} from '../contract/workload.js'
import {describeExit} from '../process/describe-exit.js'

/** It takes nothing: all there is to say stands in the task's target. */
type NoInput = Readonly<Record<string, never>>

/** What it wrote to the file that HARNESS_OUTPUT names, and what it ended with. */
type CommandOutput = Readonly<Record<string, string>> | {readonly exitCode: number}

/** A line of the command's output. */
type CommandLine = {readonly stream: 'stderr' | 'stdout'; readonly text: string}

/** `task_type: command`: runs the task's target to its end, on whatever executor the target names. */
export const commandTask: TaskType<NoInput, CommandOutput, CommandLine> = {
  type: 'command',
  summary: 'Runs a program to its end. What it writes to the file named by HARNESS_OUTPUT are its outputs.',
  input: {type: 'object', properties: {}, additionalProperties: false},
  output: {
    type: 'object',
    properties: {exitCode: {type: 'integer', description: 'What the program ended with.'}},
    required: ['exitCode'],
    additionalProperties: {
      type: 'string',
      description: 'A line KEY=VALUE that it wrote to the file named by HARNESS_OUTPUT.',
    },
  },
  event: {
    type: 'object',
    properties: {stream: {enum: ['stdout', 'stderr']}, text: {type: 'string'}},
    required: ['stream', 'text'],
    additionalProperties: false,
  },
  target: 'required',
  async run(_input, context) {
    const handle = await context.launch()
    const status = await handle.wait(context.signal)
    if (!isSuccess(status)) {
      throw new HarnessError('TASK_FAILED', {subject: nameOf(handle), reason: describeExit(status)})
    }
    return {...(await context.outputs()), exitCode: 0}
  },
  processEvent: (event: ProcessEvent) => (event.kind === 'line' ? {stream: event.stream, text: event.text} : undefined),
}

function isSuccess(status: ExitStatus): boolean {
  return status.by === 'code' && status.code === 0
}

/** The id of a workload is `<stack>/<task>/<attempt>`. */
function nameOf({id}: WorkloadHandle): string {
  return id.split('/')[1] ?? id
}
