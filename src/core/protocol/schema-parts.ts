type Schema = Readonly<Record<string, unknown>>
const isOptional = Symbol('optional')

export const string = (): Schema => ({type: 'string'})
export const integer = (): Schema => ({type: 'integer'})
export const number = (): Schema => ({type: 'number'})
export const boolean = (): Schema => ({type: 'boolean'})
export const anything = (): Schema => ({})
export const array = (items: Schema): Schema => ({type: 'array', items})
export const record = (values: Schema): Schema => ({type: 'object', additionalProperties: values})
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
