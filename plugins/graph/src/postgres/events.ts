import type {JsonSchema, ProcessEvent} from '@service-harness/cli/plugin'
import {object} from '../shared/object-schema.js'

/** What PostgreSQL says of its life. */
export type PostgresEvent =
  | {readonly what: 'ready' | 'recovering' | 'stopped' | 'stopping'}
  | {readonly what: 'failure'; readonly severity: string; readonly message: string}

export const eventSchema: JsonSchema<PostgresEvent> = {
  oneOf: [
    object({
      what: {enum: ['ready', 'recovering', 'stopped', 'stopping'], description: 'How the server gets on.'},
    }),
    object({
      what: {const: 'failure', description: 'It has refused or ended a session, or itself.'},
      severity: {enum: ['FATAL', 'PANIC'], description: '`FATAL`: of one session. `PANIC`: of all of them.'},
      message: {type: 'string', description: 'In the words of PostgreSQL.'},
    }),
  ],
}

const states: readonly (readonly [line: string, what: 'ready' | 'recovering' | 'stopped' | 'stopping'])[] = [
  ['database system is ready to accept connections', 'ready'],
  ['database system was not properly shut down', 'recovering'],
  ['shutdown request', 'stopping'],
  ['database system is shut down', 'stopped'],
]

/** Lines look like `2026-11-27 18:00:00.000 UTC [7] LOG:  database system is ready to accept connections`. */
export function processEvent(event: ProcessEvent): PostgresEvent | undefined {
  if (event.kind !== 'line') return undefined
  const [, severity = '', message = ''] = /(?:^|\s)(LOG|FATAL|PANIC): {2}(.*)$/.exec(event.text) ?? []
  if (severity === 'FATAL' || severity === 'PANIC') return {what: 'failure', severity, message}
  const found = severity === 'LOG' && states.find(([line]) => message.includes(line))
  return found ? {what: found[1]} : undefined
}
