import {type Clock, systemClock} from '../base/clock.js'
import {withDeadline} from '../base/deadline.js'
import {HarnessError} from '../base/errors.js'
import type {ExitStatus, ProcessEvent} from '../contract/command.js'
import type {TaskType} from '../contract/task-type.js'
import type {WorkloadHandle} from '../contract/workload.js'
import {describeExit} from '../process/describe-exit.js'

/** It takes nothing: all there is to say stands in the task's target. */
type NoInput = Readonly<Record<string, never>>

interface CommandOutput {
  readonly exitCode: number
}

/** A line of the command's output. */
type CommandLine = {readonly stream: 'stderr' | 'stdout'; readonly text: string}

const schemas = {
  input: {type: 'object', properties: {}, additionalProperties: false},
  output: {
    type: 'object',
    properties: {exitCode: {type: 'integer', description: 'What the program ended with.'}},
    required: ['exitCode'],
    additionalProperties: false,
  },
  event: {
    type: 'object',
    properties: {stream: {enum: ['stdout', 'stderr']}, text: {type: 'string'}},
    required: ['stream', 'text'],
    additionalProperties: false,
  },
} as const

/** How long the last lines may take to arrive once the command has ended. */
const drainMs = 2000

/** `task_type: command`: runs the task's target to its end, on whatever executor the target names. */
export const commandTask = createCommandTask(systemClock)

export function createCommandTask(clock: Clock): TaskType<NoInput, CommandOutput, CommandLine> {
  return {
    type: 'command',
    summary: 'Runs a program to its end.',
    ...schemas,
    target: 'required',
    async run(_input, context) {
      const handle = await context.launch()
      const reading = new AbortController()
      const relayed = relay(handle, reading.signal, (line) => {
        context.emit(line)
      })
      try {
        const status = await handle.wait(context.signal)
        await settled(relayed, clock, context.signal)
        return outputOf(handle, status)
      } finally {
        reading.abort()
      }
    },
  }
}

/** Passes lines on until the end. Never fails: whatever is missed still stands in the log. */
async function relay(handle: WorkloadHandle, signal: AbortSignal, emit: (line: CommandLine) => void): Promise<void> {
  try {
    for await (const event of handle.events.subscribe({signal, overflow: 'drop-oldest'})) {
      if (event.kind === 'exited') return
      const line = lineOf(event)
      if (line !== undefined) emit(line)
    }
  } catch {
    return
  }
}

/** Lets lines come in after the end, but not for ever: an executor may have said `exited` before anyone listened. */
async function settled(relayed: Promise<void>, clock: Clock, signal: AbortSignal): Promise<void> {
  const onTimeout = (): Error => new Error('The last lines did not arrive in time.')
  await withDeadline(() => relayed, {clock, ms: drainMs, onTimeout, signal}).catch(() => undefined)
}

function lineOf(event: ProcessEvent): CommandLine | undefined {
  return event.kind === 'line' ? {stream: event.stream, text: event.text} : undefined
}

function outputOf(handle: WorkloadHandle, status: ExitStatus): CommandOutput {
  if (status.by === 'code' && status.code === 0) return {exitCode: 0}
  throw new HarnessError('TASK_FAILED', {subject: nameOf(handle), reason: describeExit(status)})
}

/** The id of a workload is `<stack>/<task>/<attempt>`. */
function nameOf({id}: WorkloadHandle): string {
  return id.split('/')[1] ?? id
}
