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
export function typeText(schema: Schema | boolean): string {
  if (typeof schema === 'boolean') return schema ? 'any JSON' : 'nothing'
  const choice = choiceText(schema)
  if (choice !== undefined) return choice
  const {type} = schema
  if (Array.isArray(type)) return type.join(' | ')
  if (type === 'array') return arrayText(isJsonObject(schema['items']) ? typeText(schema['items']) : 'any JSON')
  if (type === 'object') return objectText(schema)
  if (type === 'string') return schema['pattern'] === namePattern ? 'name' : 'string'
  return typeof type === 'string' ? type : 'any JSON'
}

/** The text of a schema that names another, or some values, or some schemas. */
function choiceText(schema: Schema): string | undefined {
  if (typeof schema['$ref'] === 'string') return schema['$ref'].replace('#/$defs/', '')
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => JSON.stringify(value)).join(' | ')
  if ('const' in schema) return JSON.stringify(schema['const'])
  const branches = schema['anyOf'] ?? schema['oneOf']
  return Array.isArray(branches) ? (branches as Schema[]).map(typeText).join(' | ') : undefined
}

/** The properties of an object shape; none for any other schema. */
export function propertiesOf(schema: Schema): readonly PropertyText[] {
  const {properties, required} = schema
  if (!isJsonObject(properties)) return []
  return Object.entries(properties as Readonly<Record<string, Schema | boolean>>).map(([name, property]) => {
    const description = typeof property === 'boolean' ? undefined : property['description']
    return {
      name,
      type: typeText(property),
      required: Array.isArray(required) && required.includes(name),
      description: typeof description === 'string' ? description : '',
    }
  })
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
