import {constants} from 'node:os'
import type {JsonObject} from '../../base/json.js'
import {given} from '../given.js'
import type {Part} from '../part.js'
import {shellCommand, type Shell} from '../shell-line.js'
import {readSeconds} from './seconds.js'
import {expandText, type Scope} from './texts.js'

export interface Shutdown {
  readonly fields: JsonObject
  readonly command?: string
}

/** How it is stopped. */
export function readShutdown(scope: Scope, part: Part | undefined, shell: Shell): Shutdown {
  if (part === undefined) return {fields: {}}
  const command = expandText(scope, part, 'command', 'shell')
  const timeout = readSeconds(scope, part, 'timeout_seconds', {min: 1, otherwise: 10})
  const signal = part.number('signal')
  if (part.flag('parent_only'))
    part.note('parent_only', 'has no equivalent: the signal goes to all processes of the service')
  part.leftOvers({send_keys: 'has no equivalent: it is asked to end by its signal'})
  const fields = given({
    stop_signal: signal === undefined || signal === constants.signals.SIGTERM ? undefined : signalName(signal),
    stop_command: command === undefined || command === '' ? undefined : shellCommand(shell, command),
    shutdown_timeout: timeout,
  })
  return {fields, ...(command === undefined || command === '' ? {} : {command})}
}

function signalName(number: number): string | undefined {
  return Object.entries(constants.signals).find(([, each]) => each === number)?.[0]
}
