import {HarnessError} from '../base/errors.js'
import type {Json} from '../base/json.js'
import type {Log} from '../base/log.js'
import type {TaskType} from '../contract/task-type.js'
import {eventGate as gate, fitJson} from './fit-json.js'

/** What a task type answered, once it fits what the type says it answers. TASK_FAILED naming the type otherwise. */
export function checkedOutput(task: string, {type, output}: TaskType, answered: unknown): Json {
  const checked = fitJson(output, answered)
  if ('value' in checked) return checked.value
  const reason = `task type '${type}' answered with what is not its output: ${checked.problem}`
  throw new HarnessError('TASK_FAILED', {subject: task, reason})
}

/** Lets through the events that fit the type's schema. Those that do not are dropped, which is logged once. */
export function eventGate(task: string, {type, event}: TaskType, log: Log): (event: unknown) => Json | undefined {
  return gate(event, (problem) => {
    log.warn('a task emits what is not its event; such events are dropped', {task, type, problem})
  })
}
