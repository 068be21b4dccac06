import {HarnessError} from '../base/errors.js'
import {didYouMean} from '../config/suggest.js'
import {secretVariables} from '../config/variables.js'
import type {StackDefinition} from '../contract/stack.js'
import type {StackVariable} from '../protocol/methods.js'

/** The variables that a stack refers to, or those of them that are named. REQUEST_INVALID for any other one. */
export function stackVariables(definition: StackDefinition, names: readonly string[]): readonly StackVariable[] {
  const {variables = {}} = definition
  const secret = secretVariables(definition)
  const known = [...new Set([...Object.keys(variables), ...secret])].sort()
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) throw notReferred(unknown, definition.name, known)
  return (names.length === 0 ? known : names).map((name) => ({
    name,
    value: secret.has(name) ? null : (variables[name] ?? null),
    secret: secret.has(name),
  }))
}

function notReferred(name: string, stack: string, known: readonly string[]): HarnessError {
  const near = didYouMean(name, known)?.replace(/^d/, 'D')
  return new HarnessError('REQUEST_INVALID', {
    subject: name,
    reason: `the files of stack '${stack}' do not refer to this variable`,
    hint: near ?? 'Ask without names to see those that they refer to.',
  })
}
