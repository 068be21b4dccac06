import {messageOf} from '../base/errors.js'
import type {Json, JsonSchema} from '../base/json.js'
import {compileSchema, type SchemaProblem} from '../schema/compile.js'

type Fit = {readonly problem: string} | {readonly value: Json}

/** The value as JSON has it, where it fits. Never throws, whatever a plugin brings. */
export function fitJson(schema: JsonSchema<unknown>, given: unknown): Fit {
  try {
    const value = JSON.parse(JSON.stringify(given ?? null)) as Json
    const [problem] = compileSchema(schema)(value)
    return problem ? {problem: inWords(problem)} : {value}
  } catch (error) {
    return {problem: messageOf(error).replace(/\.$/, '')}
  }
}

function inWords({pointer, kind, expected}: SchemaProblem): string {
  return `${pointer || 'it'} ${kind === 'value' ? expected : `must have ${expected}`}`
}

/** Lets through the events that fit a schema. Those that do not are dropped; `tell` hears of the first. */
export function eventGate(
  schema: JsonSchema<unknown> = {},
  tell: (problem: string) => void,
): (event: unknown) => Json | undefined {
  let told = false
  return (event) => {
    const checked = fitJson(schema, event)
    if ('value' in checked) return checked.value
    if (!told) tell(checked.problem)
    told = true
    return undefined
  }
}
