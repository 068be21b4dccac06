import path from 'node:path'
import type {Json, JsonObject} from '../../base/json.js'
import {given} from '../given.js'
import type {Part} from '../part.js'
import {quoted, shellCommand, type Shell} from '../shell-line.js'
import {readSeconds} from './seconds.js'
import {renderText, type Scope} from './texts.js'

export interface Probing {
  readonly scope: Scope
  readonly shell: Shell
  /** Where the service runs, as process-compose sees it. */
  readonly directory: string
}

export interface ReadProbe {
  readonly check: JsonObject
  /** How often, and how long before it counts. */
  readonly timing: JsonObject
  readonly initialDelay: string | undefined
}

/** A readiness or liveness probe: the check and its timing. */
export function readProbe(probing: Probing, part: Part): ReadProbe | undefined {
  const {scope} = probing
  const check = readCheck(probing, part)
  const initialDelay = readSeconds(scope, part, 'initial_delay_seconds', {min: 0})
  const timing = {
    interval: readSeconds(scope, part, 'period_seconds', {min: 1, otherwise: 10}) ?? '10s',
    timeout: readSeconds(scope, part, 'timeout_seconds', {min: 1, otherwise: 1}) ?? '1s',
    retries: threshold(part),
  }
  // process-compose does not count successes.
  part.value('success_threshold')
  part.leftOvers()
  return check && {check, timing, initialDelay: initialDelay === '0s' ? undefined : initialDelay}
}

function threshold(part: Part): Json {
  const text = part.text('failure_threshold')
  if (text?.includes('$') === true) return text
  const failures = part.number('failure_threshold') ?? 3
  return failures < 1 ? 3 : failures
}

function readCheck(probing: Probing, part: Part): JsonObject | undefined {
  const [exec, http] = [part.part('exec'), part.part('http_get')]
  if (exec) return readExec(probing, exec)
  if (http) return readHttp(probing.scope, http)
  part.note('exec', 'is missing, as is http_get: there is nothing to ask')
  return undefined
}

function readExec({scope, shell, directory}: Probing, part: Part): JsonObject {
  const line = renderText(scope, part, 'command', 'shell') ?? ''
  const own = renderText(scope, part, 'working_dir')
  part.leftOvers()
  if (own === undefined || own === directory) return {command: shellCommand(shell, line)}
  // A check starts where its service runs, a probe where process-compose does.
  const isFree = path.isAbsolute(own) || own.startsWith('$') || path.isAbsolute(directory)
  return {command: shellCommand(shell, `cd ${quoted(isFree ? own : path.relative(directory, own))} && ${line}`)}
}

function readHttp(scope: Scope, part: Part): JsonObject {
  const text = (key: string, otherwise: string): string => {
    const value = renderText(scope, part, key)?.trim()
    return value === undefined || value === '' ? otherwise : value
  }
  const port = text('port', text('num_port', ''))
  const path = text('path', '/')
  const url = `${text('scheme', 'http').toLowerCase()}://${text('host', '127.0.0.1')}${port === '' ? '' : `:${port}`}${path}`
  const headers = part.part('headers')
  const sent = headers?.keys.map((name) => [name, renderText(scope, headers, name) ?? ''] as const) ?? []
  const status = part.number('status_code') ?? 200
  part.leftOvers()
  const expected = status < 1 || status >= 400 ? 200 : status
  return {http: given({url, headers: Object.fromEntries(sent), expected_status: String(expected)})}
}
