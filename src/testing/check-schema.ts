import assert from 'node:assert/strict'
import type {JsonSchema} from '../core/base/json.js'
import {fitJson} from '../core/stack/fit-json.js'
import {compileSchema} from '../core/schema/compile.js'

/** Fails with the problem when a value does not fit, as the host sees it: as JSON. */
export function assertFits(schema: JsonSchema<unknown>, value: unknown, what: string): void {
  const checked = fitJson(schema, value)
  if ('problem' in checked) assert.fail(`${what}: ${checked.problem}`)
}

export function assertRefuses(schema: JsonSchema<unknown>, value: unknown, what: string): void {
  assert.ok('problem' in fitJson(schema, value), `${what} takes ${JSON.stringify(value)}`)
}

/** A schema that cannot be compiled refuses everything, later. */
export function assertCompiles(schema: JsonSchema<unknown>, what: string): void {
  assert.doesNotThrow(() => compileSchema(schema), `${what} is no JSON Schema`)
}
