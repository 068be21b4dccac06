import {keyNames} from '../keys/names.js'
import {templateSchema, type Schema} from '../keys/shapes.js'
import {keyTables} from '../keys/tables.js'
import {mapDefinition, orNothing, plainText, type Extent} from './map-definition.js'
import {targetFields} from './target-fields.js'
import type {BorrowedType, BorrowedTypes} from './types.js'

/** Which type it will be is not known yet: any key of any type may be right. */
export const typeIsTemplate = {properties: {type: templateSchema}, required: ['type']}

/** A service: its own keys, and those of the type that it names. */
export function serviceDefinition(types: BorrowedTypes, extent: Extent): Schema {
  const base = mapDefinition(keyTables.service, extent)
  return {
    ...base,
    description: plainText(keyTables.service.about),
    properties: {
      ...propertiesIn(base),
      type: typeName(propertiesIn(base)['type'], types.targets, 'target type'),
      service_type: typeName(propertiesIn(base)['service_type'], types.services, 'service type'),
      target: at('service-target', propertiesIn(base)['target'], extent),
    },
    additionalProperties: true,
    allOf: [
      ...rulesIn(base),
      withoutType(types, extent),
      {if: typeIsTemplate, then: closed(keyNames.service, types.targetKeys)},
      ...types.targets.map((type) =>
        when('type', type, targetFields(type, types, {keys: keyNames.service, part: extent === 'part'})),
      ),
      ...types.services.map((type) => when('service_type', type, inputUnder(['config'], type, extent))),
    ],
  }
}

export function taskDefinition(types: BorrowedTypes, extent: Extent): Schema {
  const base = mapDefinition(keyTables.task, extent)
  return {
    ...base,
    description: plainText(keyTables.task.about),
    properties: {
      ...propertiesIn(base),
      task_type: typeName(propertiesIn(base)['task_type'], types.tasks, 'task type'),
      target: at('task-target', propertiesIn(base)['target'], extent),
    },
    allOf: [
      ...rulesIn(base),
      ...types.tasks.map((type) => {
        const input = inputUnder(['action', 'config'], type, extent)
        if (type.target === 'none')
          return when('task_type', type, {...input, properties: {...propertiesIn(input), target: false}})
        return when('task_type', type, extent === 'part' ? input : {...input, required: ['target']})
      }),
    ],
  }
}

/** `target: {type, …}`. What is lifted out of it for the service or task may stand in it. */
export function targetDefinition(types: BorrowedTypes, sort: 'service' | 'task', extent: Extent): Schema {
  const lifted = sort === 'service' ? (['env', 'ports'] as const) : (['env'] as const)
  const entry = mapDefinition(keyTables.service, extent)
  const own = ['type', ...lifted] as const
  const properties = Object.fromEntries(own.map((key) => [key, propertiesIn(entry)[key]]))
  const part = extent === 'part'
  return {
    type: ['object', 'null'],
    description: 'Where it runs: a type and what that type takes.',
    properties: {
      ...properties,
      type: {...typeName(properties['type'], types.targets, 'target type'), description: 'What runs it.'},
    },
    ...(part ? {} : {required: ['type']}),
    allOf: [
      {
        if: part ? {anyOf: [{not: {required: ['type']}}, typeIsTemplate]} : typeIsTemplate,
        then: closed(own, types.targetKeys),
      },
      ...types.targets.map((type) => when('type', type, targetFields(type, types, {keys: own, part}))),
    ],
  }
}

/** What a service or a task may take over: any key of either, and of any type. */
export function templateDefinition(types: BorrowedTypes): Schema {
  const properties = {
    ...propertiesIn(taskDefinition(types, 'part')),
    ...propertiesIn(serviceDefinition(types, 'part')),
  }
  return {
    type: ['object', 'null'],
    description: 'Keys that services and tasks share: they name this template under `extends`.',
    ...closed([], {...types.targetKeys, ...properties}),
  }
}

/** Without a type beside it, the keys of one can only be meant for what it is laid over. */
function withoutType(types: BorrowedTypes, extent: Extent): Schema {
  const fields = extent === 'part' ? types.targetKeys : {}
  const needed = {anyOf: ['type', 'target', 'service_type'].map((key) => ({required: [key]}))}
  return {
    if: {not: {required: ['type']}},
    then: {...closed(keyNames.service, fields), ...(extent === 'part' ? {} : needed)},
  }
}

export function closed(keys: readonly string[], fields: Schema): Schema {
  const others = Object.fromEntries(keys.map((key) => [key, true]))
  return {properties: {...fields, ...others}, patternProperties: {'^x-': true}, additionalProperties: false}
}

export function when(key: string, type: BorrowedType, then: Schema): Schema {
  return {if: {properties: {[key]: {const: type.name}}, required: [key]}, then}
}

/** What a type of a plugin takes, under one of these keys. */
function inputUnder(keys: readonly string[], type: BorrowedType, extent: Extent): Schema {
  const required = type.schema['required']
  const isNeeded = extent === 'whole' && Array.isArray(required) && required.length > 0
  const schema = extent === 'whole' ? orNothing({anyOf: [{$ref: `#/$defs/${type.definition}`}]}) : true
  return {
    properties: Object.fromEntries(keys.map((key) => [key, schema])),
    ...(isNeeded ? {anyOf: keys.map((key) => ({required: [key]}))} : {}),
  }
}

/** The names of the types that are installed; any other is known to be missing. */
export function typeName(entry: unknown, types: readonly BorrowedType[], sort: string): Schema {
  const {description, examples} = entry as Schema
  const names = types.map(({name}) => name)
  if (names.length === 0) {
    return {
      description: `${String(description)} No plugin that is installed brings a ${sort}.`,
      ...orNothing(templateSchema),
    }
  }
  const known = (examples as readonly unknown[]).filter((example) => names.some((name) => name === example))
  return {
    description: `${String(description)} Installed: ${names.join(', ')}.`,
    anyOf: [{enum: names}, templateSchema, {type: 'null'}],
    ...(known.length === 0 ? {} : {examples: known}),
  }
}

/** The map that stands under a key, with what is said of the key. */
function at(definition: string, entry: Schema = {}, extent: Extent): Schema {
  const {description, examples} = entry
  return {description, examples, $ref: `#/$defs/${definition}${extent === 'part' ? '-part' : ''}`}
}

function propertiesIn(schema: Schema): Readonly<Record<string, Schema>> {
  return (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>
}

function rulesIn(schema: Schema): readonly Schema[] {
  return (schema['allOf'] ?? []) as readonly Schema[]
}
