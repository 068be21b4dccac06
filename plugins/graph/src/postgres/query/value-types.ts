import type {CustomTypesConfig} from 'pg'

const [bool, int2, int4, oid, float4, float8, json, jsonb] = [16, 21, 23, 26, 700, 701, 114, 3802]

/**
 * Values as JSON has them, and all others as PostgreSQL writes them: a bigint or numeric would lose digits as a number, and a timestamp without a zone
 * its meaning as a date. https://www.postgresql.org/docs/current/datatype.html
 */
export const valueTypes: CustomTypesConfig = {
  getTypeParser: (type: number) => (text: string) => parse(type, text),
}

function parse(type: number, text: string): unknown {
  switch (type) {
    case bool:
      return text === 't'
    case int2:
    case int4:
    case oid:
      return Number(text)
    case float4:
    case float8:
      // JSON has neither NaN nor Infinity.
      return Number.isFinite(Number(text)) ? Number(text) : text
    case json:
    case jsonb:
      return JSON.parse(text)
    default:
      return text
  }
}
