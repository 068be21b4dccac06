import {namePattern} from '../base/ids.js'

type Schema = Readonly<Record<string, unknown>>
const isOptional = Symbol('optional')

export const string = (): Schema => ({type: 'string'})
export const integer = (): Schema => ({type: 'integer'})
export const number = (): Schema => ({type: 'number'})
export const boolean = (): Schema => ({type: 'boolean'})
export const anything = (): Schema => ({})
export const array = (items: Schema): Schema => ({type: 'array', items})
export const record = (values: Schema): Schema => ({type: 'object', additionalProperties: values})
export const anyOf = (...schemas: readonly Schema[]): Schema => ({anyOf: schemas})
export const constant = (value: string): Schema => ({const: value})
/** A whole number from 0 on. */
export const count = (): Schema => ({type: 'integer', minimum: 0})
/** The name of a stack, service or task. */
export const name = (): Schema => ({type: 'string', pattern: namePattern})
/** Values by the names of services or tasks. */
export const namedRecord = (values: Schema): Schema => ({...record(values), propertyNames: name()})
/** An absolute path without control characters. */
export const path = (): Schema => ({type: 'string', pattern: '^/[^\\u0000-\\u001f\\u007f]*$', maxLength: 4096})
/** What a method's `stack` may be: an id, a name or the path of a stack file. */
export const stackReference = (): Schema => ({
  type: 'string',
  pattern: '^[^\\u0000-\\u001f\\u007f]+$',
  maxLength: 4096,
})
/** Chosen by the client for each mutation. */
export const requestId = (): Schema => ({type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$'})
/** Environment variables, as the operating system can take them. */
export const environment = (): Schema => ({
  type: 'object',
  propertyNames: {pattern: '^[^=\\u0000]+$'},
  additionalProperties: {type: 'string', pattern: '^[^\\u0000]*$'},
})
export const described = (description: string, schema: Schema): Schema => ({...schema, description})
export const enumOf = (...values: readonly string[]): Schema => ({enum: values})
export const nullable = (schema: Schema): Schema => ({anyOf: [schema, {type: 'null'}]})
/** A shape of `definitions.ts` by its name. */
export const ref = (name: string): Schema => ({$ref: `#/$defs/${name}`})
/** Marks a property that may be left out of an `object`. */
export const optional = (schema: Schema): Schema => ({...schema, [isOptional]: true})

/** An object with exactly these properties, all required unless marked `optional`. */
export function object(properties: Readonly<Record<string, Schema>>): Schema {
  return {
    type: 'object',
    required: Object.keys(properties).filter((name) => !(isOptional in (properties[name] ?? {}))),
    properties,
    additionalProperties: false,
  }
}
