import {isJsonObject, type Json} from '../core/base/json.js'
import {invalidStack} from '../core/config/problems.js'
import type {ModelPath, Origin} from '../core/config/model/origins.js'
import {diagnosticLines} from './diagnostic-lines.js'
import type {StackChoiceFlags} from './flags.js'
import {loadOptions} from './read-stack.js'
import type {Terminal} from './terminal.js'

export interface ConfigWish {
  readonly choice: StackChoiceFlags
  /** Say where each value comes from. */
  readonly origin: boolean
}

/** `harness config`: the model that the files come to. CONFIG_INVALID when they have errors. */
export async function showConfig(terminal: Terminal, {choice, origin}: ConfigWish): Promise<void> {
  const [{inspectStack}, {stackFileOf}, {originsOf}, {writeModel}] = await Promise.all([
    import('../core/config/inspect-stack.js'),
    import('../core/config/model/stack-file-of.js'),
    import('../core/config/model/origins.js'),
    import('../core/config/model/write-model.js'),
  ])
  const {definition, places, problems, shown} = await inspectStack(loadOptions(choice))
  if (definition === undefined || problems.some(({severity}) => severity === 'error')) {
    throw invalidStack(shown, problems)
  }
  for (const line of await diagnosticLines(problems, terminal)) terminal.warn(line)
  const model = stackFileOf(definition)
  const originOf = originsOf(places())
  if (terminal.json) terminal.data(origin ? {model, origins: originList(model, originOf)} : {model})
  else terminal.out(writeModel(model, origin ? originOf : undefined).trimEnd())
}

/** Every value by its path, with its origin; `null` for a default. */
function originList(model: Json, originOf: (path: ModelPath) => Origin | undefined): readonly Json[] {
  const found: Json[] = []
  const visit = (value: Json, path: ModelPath): void => {
    if (isJsonObject(value)) for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key])
    else if (Array.isArray(value))
      value.forEach((inner: Json, index) => {
        visit(inner, [...path, index])
      })
    else found.push({path, origin: {...originOf(path)}.file === undefined ? null : {...originOf(path)}})
  }
  visit(model, [])
  return found
}
