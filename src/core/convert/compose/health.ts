import type {JsonObject} from '../../base/json.js'
import {given} from '../given.js'
import type {Part} from '../part.js'
import {sh, shellCommand} from '../shell-line.js'

const off = ['NONE']

/** A healthcheck, with the times that Docker has where nothing is said. */
export function readHealthcheck(part: Part | undefined): JsonObject | undefined {
  if (part === undefined) return undefined
  const test = part.value('test')
  const disabled = part.flag('disable')
  const retries = part.text('retries') ?? '3'
  const timing = {
    interval: part.text('interval') ?? '30s',
    timeout: part.text('timeout') ?? '30s',
    retries: /^\d+$/.test(retries) ? Number(retries) : retries,
    start_period: part.text('start_period'),
    start_interval: part.text('start_interval'),
  }
  part.leftOvers()
  const command = test === undefined ? off : commandOf(part, test)
  if (test === undefined && !disabled)
    part.note('test', 'is missing: the check of the image has no equivalent, write `health_check`')
  return disabled || command === off ? undefined : given({command, ...timing})
}

function commandOf(part: Part, test: unknown): readonly string[] {
  if (typeof test === 'string') return shellCommand(sh, test)
  const [kind, ...words] = part.texts('test')
  if (kind === 'NONE') return off
  if (kind === 'CMD' && words.length > 0) return words
  if (kind === 'CMD-SHELL' && words.length > 0) return shellCommand(sh, words.join(' '))
  return part.wrong('test', "a text or a list that begins with 'CMD', 'CMD-SHELL' or 'NONE'", kind)
}
