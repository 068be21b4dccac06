import {HarnessError} from '../base/errors.js'
import type {Json} from '../base/json.js'
import type {Log} from '../base/log.js'
import type {TaskType} from '../contract/task-type.js'
import {ofWhom} from '../plugin/facade.js'
import {eventGate as gate, fitJson} from './fit-json.js'

/** What a task type answered, once it fits what the type says it answers. TASK_FAILED naming the type otherwise. */
export function checkedOutput(task: string, type: TaskType, answered: unknown): Json {
  const checked = fitJson(type.output, answered)
  if ('value' in checked) return checked.value
  const reason = `task type '${type.type}' answered with what is not its output: ${checked.problem}${ofWhom(type)}`
  throw new HarnessError('TASK_FAILED', {subject: task, reason})
}

/** Lets through the events that fit the type's schema. Those that do not are dropped, which is logged once. */
export function eventGate(task: string, type: TaskType, log: Log): (event: unknown) => Json | undefined {
  return gate(type.event, (problem) => {
    log.warn('a task emits what is not its event; such events are dropped', {
      task,
      type: type.type + ofWhom(type),
      problem,
    })
  })
}
