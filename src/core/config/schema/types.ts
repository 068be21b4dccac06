import {isJsonObject} from '../../base/json.js'
import type {Catalogue} from '../../contract/catalogue.js'
import type {Schema} from '../keys/shapes.js'
import {borrowSchema, isSchema} from './borrow-schema.js'
import {propertiesOf} from './spec-fields.js'

/** What the schema of the stack file needs of a catalogue. */
export type TypeCatalogue = Pick<Catalogue, 'executor' | 'layer' | 'names' | 'serviceType' | 'taskType'>

/** A type of a plugin, its schema made a part of ours. */
export interface BorrowedType {
  readonly name: string
  /** The key of it under `$defs`. */
  readonly definition: string
  readonly schema: Schema
  /** For task types. */
  readonly target?: 'none' | 'required'
}

export interface BorrowedTypes {
  readonly targets: readonly BorrowedType[]
  readonly layers: readonly BorrowedType[]
  readonly services: readonly BorrowedType[]
  readonly tasks: readonly BorrowedType[]
  /** Every key that a target of some type has, and `attach`. */
  readonly targetKeys: Schema
  readonly resolve: (reference: string) => unknown
}

export function borrowTypes(catalogue: TypeCatalogue): BorrowedTypes {
  const {names} = catalogue
  const targets = names.executors.map((name) => borrow('target', name, catalogue.executor(name)?.specSchema))
  const layers = names.layers.map((name) => borrow('layer', name, catalogue.layer(name)?.specSchema))
  const services = names.serviceTypes.map((name) =>
    borrow('service-type', name, catalogue.serviceType(name)?.configSchema),
  )
  const tasks = names.taskTypes.map((name) => {
    const type = catalogue.taskType(name)
    return {...borrow('task-type', name, type?.input), target: type?.target ?? 'none'}
  })
  const definitions = new Map(
    [...targets, ...layers, ...services, ...tasks].map(({definition, schema}) => [definition, schema]),
  )
  const resolve = (reference: string): unknown => follow(definitions, reference)
  return {
    targets,
    layers,
    services,
    tasks,
    targetKeys: {...mergeKeys(targets, resolve), attach: {type: 'object'}},
    resolve,
  }
}

function borrow(sort: string, name: string, schema: unknown): BorrowedType {
  const definition = `${sort}-${name}`
  const borrowed = borrowSchema(schema ?? {}, `#/$defs/${definition}`)
  return {name, definition, schema: isSchema(borrowed) ? borrowed : {}}
}

/** A key that two types have with another meaning can be anything. */
export function mergeKeys(targets: readonly BorrowedType[], resolve: (reference: string) => unknown): Schema {
  const merged: Record<string, unknown> = {}
  for (const {schema} of targets) {
    for (const [key, value] of Object.entries(propertiesOf(schema, resolve))) {
      merged[key] = Object.hasOwn(merged, key) && JSON.stringify(merged[key]) !== JSON.stringify(value) ? true : value
    }
  }
  return merged
}

function follow(definitions: ReadonlyMap<string, Schema>, reference: string): unknown {
  const [, , definition = '', ...steps] = reference
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  let at: unknown = definitions.get(definition)
  for (const step of steps) at = isJsonObject(at) ? at[step] : undefined
  return at
}
