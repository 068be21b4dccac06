import {isJsonObject} from '../core/base/json.js'
import {printable} from '../core/base/printable.js'
import {propertiesOf, typeText} from '../core/protocol/schema-text.js'
import type {Style} from './style.js'
import {tableLines} from './table.js'

/** The properties of an object schema as a table, of any other its type. */
export function schemaLines(schema: object, style: Style): readonly string[] {
  if (!isJsonObject(schema)) return ['  any JSON']
  const properties = propertiesOf(schema)
  if (properties.length === 0) return [`  ${printable(typeText(schema))}`]
  return tableLines(
    properties,
    [
      {title: 'PROPERTY', cell: ({name, required}) => (required ? name : `${name}?`)},
      {title: 'TYPE', cell: ({type}) => type},
      {title: 'MEANING', cell: ({description}) => description},
    ],
    style.dim,
  ).map((line) => `  ${line}`)
}
