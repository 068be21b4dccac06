import {censusDefinitions} from './definitions/census.js'
import {planDefinitions} from './definitions/progress.js'
import {registryDefinitions} from './definitions/registry.js'
import {stackDefinitions} from './definitions/stack.js'
import {statusDefinitions} from './definitions/status.js'

/** The shapes that `ref(NAME)` in the methods table names: the types of contract/ as JSON Schemas. */
export const definitions: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ...statusDefinitions,
  ...planDefinitions,
  ...registryDefinitions,
  ...stackDefinitions,
  ...censusDefinitions,
}
