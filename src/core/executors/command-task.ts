import {HarnessError} from '../base/errors.js'
import type {ExitStatus, ProcessEvent} from '../contract/command.js'
import type {TaskType} from '../contract/task-type.js'
import type {WorkloadHandle} from '../contract/workload.js'

/** It takes nothing: all there is to say stands in the task's target. */
type NoInput = Readonly<Record<string, never>>

interface CommandOutput {
  readonly exitCode: number
}

/** A line of the command's output. */
type CommandLine = {readonly stream: 'stderr' | 'stdout'; readonly text: string}

/** `task_type: command`: runs the task's target to its end, on whatever executor the target names. */
export const commandTask: TaskType<NoInput, CommandOutput, CommandLine> = {
  type: 'command',
  summary: 'Runs a program to its end.',
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
  target: 'required',
  async run(_input, context) {
    const handle = await context.launch()
    const reading = new AbortController()
    const relayed = relay(handle, reading.signal, (line) => {
      context.emit(line)
    })
    try {
      return outputOf(handle, await handle.wait(context.signal))
    } finally {
      reading.abort()
      await relayed
    }
  },
}

/** Passes lines on until the end. What a slow reader misses still stands in the log. */
async function relay(handle: WorkloadHandle, signal: AbortSignal, emit: (line: CommandLine) => void): Promise<void> {
  for await (const event of handle.events.subscribe({signal, overflow: 'drop-oldest'})) {
    const line = lineOf(event)
    if (line !== undefined) emit(line)
  }
}

function lineOf(event: ProcessEvent): CommandLine | undefined {
  return event.kind === 'line' ? {stream: event.stream, text: event.text} : undefined
}

function outputOf(handle: WorkloadHandle, status: ExitStatus): CommandOutput {
  if (status.by === 'code' && status.code === 0) return {exitCode: 0}
  throw new HarnessError('TASK_FAILED', {subject: nameOf(handle), reason: reasonOf(status)})
}

/** The id of a workload is `<stack>/<task>/<attempt>`. */
function nameOf({id}: WorkloadHandle): string {
  return id.split('/')[1] ?? id
}

function reasonOf(status: ExitStatus): string {
  switch (status.by) {
    case 'code':
      return `it exited with code ${status.code}, expected 0`
    case 'signal':
      return `it was ended by ${status.signal}`
    case 'lost':
      return `it was lost, ${status.reason}`
  }
}
