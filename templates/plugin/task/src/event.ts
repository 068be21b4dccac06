import type {JsonSchema, ProcessEvent} from '@service-harness/cli/plugin'

/** The result of one test, as clients hear it. A type alias: interfaces are no JSON. */
export type TestEvent = {
  readonly test: string
  readonly ok: boolean
}

export const eventSchema: JsonSchema<TestEvent> = {
  type: 'object',
  required: ['test', 'ok'],
  properties: {test: {type: 'string'}, ok: {type: 'boolean'}},
  additionalProperties: false,
}

/** `ok 1 - adds` or `not ok 2 - subtracts`, the only lines of TAP that count here. https://testanything.org */
const result = /^(?<not>not )?ok\b(?: \d+)?(?: -)? ?(?<test>.*)$/

/** A line of TAP as an event. Most lines are none. */
export function toEvent(event: ProcessEvent): TestEvent | undefined {
  if (event.kind !== 'line' || event.stream !== 'stdout') return undefined
  const groups = result.exec(event.text)?.groups
  return groups && {test: groups['test'] ?? '', ok: groups['not'] === undefined}
}
