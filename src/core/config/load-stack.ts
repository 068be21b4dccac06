import type {StackDefinition} from '../contract/stack.js'
import {inspectStack} from './inspect-stack.js'
import type {LoadOptions} from './load-options.js'
import type {Locate} from './locate-diagnostics.js'
import {withVariables} from './variables.js'
import {invalidStack, type LocatedDiagnostic} from './problems.js'

export interface LoadedStack {
  readonly definition: StackDefinition
  /** Where a part of the definition was written. */
  readonly locate: Locate
  readonly warnings: readonly LocatedDiagnostic[]
  /** What the `.env` file beside the stack file says. */
  readonly dotenv: ReadonlyMap<string, string>
  /** Profiles that the chosen environment makes active. */
  readonly profiles: readonly string[]
  /** The names under `environments`. */
  readonly environments: readonly string[]
}

/** Reads, merges and checks a stack file. CONFIG_NOT_FOUND, or CONFIG_INVALID with all its problems in `details.diagnostics`. */
export async function loadStack(options: LoadOptions): Promise<LoadedStack> {
  const {definition, asked, locate, problems, shown, dotenv, profiles, environments} = await inspectStack(options)
  if (definition === undefined || problems.some(({severity}) => severity === 'error')) {
    throw invalidStack(shown, problems)
  }
  return {definition: withVariables(definition, asked), locate, warnings: problems, dotenv, profiles, environments}
}
