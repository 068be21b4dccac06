import type {LentClient} from '@service-harness/cli/plugin'
import type {Scope} from '../scope.js'
import {logsTool} from './logs-tool.js'
import {methodToolOptions} from './method-tool.js'
import {serviceTools} from './service-tools.js'
import {stackTools} from './stack-tools.js'
import {taskTools} from './task-tools.js'
import type {Tool} from './tool.js'

/** The tools that are always there. */
export function methodTools(lent: LentClient, scope: Scope): readonly Tool[] {
  const options = methodToolOptions(lent, scope)
  return [...stackTools(options), ...serviceTools(options), logsTool(options), ...taskTools(options)]
}
