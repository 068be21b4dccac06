import type {JsonObject} from '../../base/json.js'
import {keyNames, type MapName} from '../keys/names.js'
import {definitionOf, type Schema} from '../keys/shapes.js'
import {keyTables} from '../keys/tables.js'
import {layerDefinition} from './layer-definition.js'
import {serviceDefinition, targetDefinition, taskDefinition, templateDefinition} from './entry-definitions.js'
import {mapDefinition, type Extent} from './map-definition.js'
import {borrowTypes, type BorrowedTypes, type TypeCatalogue} from './types.js'

/**
 * The JSON Schema (2020-12) of a stack file, with the types of this catalogue. It accepts whatever the readers accept, and refuses every
 * key that they refuse; values it checks as far as they can be known before variables are filled in.
 * `part`: of a file that is laid over another, where nothing is required.
 */
export function stackSchema(catalogue: TypeCatalogue, extent: Extent = 'whole'): JsonObject {
  const types = borrowTypes(catalogue)
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'harness',
    description: extent === 'whole' ? keyTables.stack.about : 'A file that is laid over a stack file.',
    ...stackDefinition(extent),
  }
  const definitions = definitionsOf(types)
  const needed = reachable(schema, definitions)
  const sorted = Object.entries(definitions).filter(([name]) => needed.has(name))
  return {...schema, $defs: Object.fromEntries(sorted)} as JsonObject
}

/** What is under `include` may have the rest of a service; what it extends may have it as well. */
function stackDefinition(extent: Extent): Schema {
  const base = mapDefinition(keyTables.stack, extent)
  if (extent === 'part') return base
  const properties = base['properties'] as Readonly<Record<string, Schema>>
  return {
    ...base,
    type: 'object',
    properties: {...properties, services: entries(properties['services']), tasks: entries(properties['tasks'])},
    if: {required: ['include']},
    then: {properties: {services: values('service-part'), tasks: values('task-part')}},
    else: {properties: {services: values('service'), tasks: values('task')}},
  }
}

function entries(schema: Schema = {}): Schema {
  const {additionalProperties: _, ...rest} = schema
  return rest
}

function values(definition: string): Schema {
  const whole = {$ref: `#/$defs/${definition}`}
  if (definition.endsWith('-part')) return {additionalProperties: whole}
  return {
    additionalProperties: {if: {required: ['extends']}, then: {$ref: `#/$defs/${definition}-part`}, else: whole},
  }
}

function definitionsOf(types: BorrowedTypes): Readonly<Record<string, Schema>> {
  const maps = (Object.keys(keyNames) as MapName[]).filter(
    (map) => map !== 'stack' && map !== 'service' && map !== 'task',
  )
  const extents: readonly Extent[] = ['whole', 'part']
  return Object.fromEntries([
    ...extents.flatMap((extent) => {
      const called = (name: string): string => (extent === 'part' ? `${name}-part` : name)
      return [
        [called('service'), serviceDefinition(types, extent)],
        [called('task'), taskDefinition(types, extent)],
        [called('service-target'), targetDefinition(types, 'service', extent)],
        [called('task-target'), targetDefinition(types, 'task', extent)],
        ...maps.map((map) => [called(definitionOf(map)), mapDefinition(keyTables[map], extent)]),
      ] as [string, Schema][]
    }),
    ['template', templateDefinition(types)],
    ['layer', layerDefinition(types)],
    ...[...types.targets, ...types.layers, ...types.services, ...types.tasks].map(
      ({definition, schema}) => [definition, schema] as const,
    ),
  ])
}

/** The definitions that are referred to, also by each other. */
function reachable(schema: Schema, definitions: Readonly<Record<string, Schema>>): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      if (key === '$ref' && typeof inner === 'string') {
        const name = inner.split('/')[2] ?? ''
        if (found.has(name)) continue
        found.add(name)
        visit(definitions[name])
      } else visit(inner)
    }
  }
  visit(schema)
  return found
}
