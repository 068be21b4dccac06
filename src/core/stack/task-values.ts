import {HarnessError, messageOf} from '../base/errors.js'
import type {Json, JsonSchema} from '../base/json.js'
import type {Log} from '../base/log.js'
import type {TaskType} from '../contract/task-type.js'
import {compileSchema} from '../schema/compile.js'

/** What a task type answered, once it fits what the type says it answers. TASK_FAILED naming the type otherwise. */
export function checkedOutput(task: string, {type, output}: TaskType, answered: unknown): Json {
  const checked = fitJson(output, answered)
  if ('value' in checked) return checked.value
  const reason = `task type '${type}' answered with what is not its output: ${checked.problem}`
  throw new HarnessError('TASK_FAILED', {subject: task, reason})
}

/** Lets through the events that fit the type's schema. Those that do not are dropped, which is logged once. */
export function eventGate(
  task: string,
  {type, event: schema = {}}: TaskType,
  log: Log,
): (event: unknown) => Json | undefined {
  let told = false
  return (event) => {
    const checked = fitJson(schema, event)
    if ('value' in checked) return checked.value
    if (!told) log.warn('a task emits what is not its event; such events are dropped', {task, type, ...checked})
    told = true
    return undefined
  }
}

type Fit = {readonly problem: string} | {readonly value: Json}

/** The value as JSON has it, where it fits. Never throws, whatever a plugin brings. */
function fitJson(schema: JsonSchema<unknown>, given: unknown): Fit {
  try {
    const value = JSON.parse(JSON.stringify(given ?? null)) as Json
    const [problem] = compileSchema(schema)(value)
    return problem ? {problem: `${problem.pointer || 'it'} ${problem.expected}`} : {value}
  } catch (error) {
    return {problem: messageOf(error).replace(/\.$/, '')}
  }
}
