import type {Part} from '../part.js'
import {expand, type Place} from './expansion.js'
import {render, type Vars} from './go-template.js'
import {literal} from '../literal.js'

/** What a text of process-compose can see. */
export interface Scope {
  /** `false` with `disable_env_expansion`. */
  readonly expands: boolean
  readonly vars: Vars
  /** Stands for `{{.PC_REPLICA_NUM}}` in a line for a shell that several replicas run. Missing: it is a variable like the others. */
  readonly replicaNumber?: string
}

/** A text with its variables, in the language of the stack file. */
export function expandText({expands}: Pick<Scope, 'expands'>, part: Part, key: string, place: Place = 'plain') {
  const text = part.text(key)
  return text === undefined ? undefined : expandValue({expands}, part, key, {text, place})
}

/** A text with its variables and templates. Templates are filled in after variables, as process-compose does. */
export function renderText(scope: Scope, part: Part, key: string, place: Place = 'plain'): string | undefined {
  const text = part.text(key)
  return text === undefined ? undefined : renderValue(scope, part, key, {text, place})
}

interface Text {
  readonly text: string
  readonly place: Place
}

export function expandValue({expands}: Pick<Scope, 'expands'>, part: Part, key: string, {text, place}: Text): string {
  if (!expands) return literal(text)
  const expanded = expand(text, place)
  for (const each of expanded.lost)
    part.note(key, `${each} is taken for the variable alone: the stack file has no such function`)
  return expanded.text
}

export function renderValue(scope: Scope, part: Part, key: string, {text, place}: Text): string {
  const {replicaNumber} = scope
  const vars =
    place === 'shell' && replicaNumber !== undefined
      ? new Map([...scope.vars, ['PC_REPLICA_NUM', replicaNumber] as const])
      : scope.vars
  const {text: rendered, lost} = render(expandValue(scope, part, key, {text, place}), vars)
  for (const each of lost) part.note(key, `the template ${each} is left as it is: write what it should be`)
  return rendered
}
