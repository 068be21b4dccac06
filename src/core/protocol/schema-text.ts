import {namePattern} from '../base/ids.js'
import {isJsonObject} from '../base/json.js'

type Schema = Readonly<Record<string, unknown>>

/** One property of an object shape, for a table or a list. */
export interface PropertyText {
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly description: string
}

/** The type of a schema in the notation of TypeScript. */
export function typeText(schema: Schema): string {
  if (typeof schema['$ref'] === 'string') return schema['$ref'].replace('#/$defs/', '')
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => JSON.stringify(value)).join(' | ')
  if ('const' in schema) return JSON.stringify(schema['const'])
  if (Array.isArray(schema['anyOf'])) return (schema['anyOf'] as Schema[]).map(typeText).join(' | ')
  if (schema['type'] === 'array') return arrayText(typeText(schema['items'] as Schema))
  if (schema['type'] === 'object') return objectText(schema)
  if (schema['type'] === 'string') return schema['pattern'] === namePattern ? 'name' : 'string'
  return typeof schema['type'] === 'string' ? schema['type'] : 'any JSON'
}

/** The properties of an object shape; none for any other schema. */
export function propertiesOf(schema: Schema): readonly PropertyText[] {
  const {properties, required} = schema
  if (!isJsonObject(properties)) return []
  return Object.entries(properties as Readonly<Record<string, Schema>>).map(([name, property]) => ({
    name,
    type: typeText(property),
    required: Array.isArray(required) && required.includes(name),
    description: typeof property['description'] === 'string' ? property['description'] : '',
  }))
}

function arrayText(items: string): string {
  return /[|{ ]/.test(items) ? `(${items})[]` : `${items}[]`
}

function objectText(schema: Schema): string {
  const fields = propertiesOf(schema).map(({name, type, required}) => `${name}${required ? '' : '?'}: ${type}`)
  if (fields.length > 0) return `{${fields.join(', ')}}`
  const values = schema['additionalProperties']
  if (values === false) return '{}'
  const key =
    isJsonObject(schema['propertyNames']) && schema['propertyNames']['pattern'] === namePattern ? 'name' : 'string'
  return `{[${key}]: ${isJsonObject(values) ? typeText(values) : 'any JSON'}}`
}
