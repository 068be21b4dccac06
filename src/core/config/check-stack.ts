import type {Catalogue} from '../contract/catalogue.js'
import type {Diagnostic} from '../contract/diagnostic.js'
import type {StackDefinition} from '../contract/stack.js'
import {checkGraph} from './check-graph.js'
import {checkSchedules} from './check-schedules.js'
import {checkTypes} from './check-types.js'
import type {Unsure} from './unsure.js'

/**
 * Everything that is wrong with a definition whose shape is right. With a catalogue also what only the plugins know: types, and the
 * schemas of targets, settings and inputs. Loads the schema compiler and the parser of schedules; the loading of files does without.
 */
export function checkStack(
  definition: StackDefinition,
  catalogue?: Catalogue,
  options: {
    readonly unsure?: Unsure
    /** What a type is that a plugin would bring which could be installed. @default 'error' */
    readonly notInstalled?: Diagnostic['severity']
  } = {},
): Diagnostic[] {
  const {unsure, notInstalled} = options
  return [
    ...checkGraph(definition, {catalogue, unsure}),
    ...checkSchedules(definition),
    ...(catalogue ? checkTypes(definition, catalogue, notInstalled) : []),
  ]
}
