type Basic = 'boolean' | 'function' | 'number' | 'object' | 'string'

/** What a field must hold: a type, one of some words, a list of something, a table of something, or an object with fields. */
export type Expected =
  | Basic
  | {readonly oneOf: readonly string[]}
  | {readonly listOf: Expected}
  | {readonly tableOf: Expected}
  | {readonly fields: Readonly<Record<string, Expected>>; readonly exact?: boolean}
  | {readonly optional: Expected}

/** Says where a value departs from its shape, each with the path of the field; nothing when it fits. Runs before types can be trusted. */
export function shapeProblems(value: unknown, expected: Expected, where: string): readonly string[] {
  if (typeof expected === 'string') return basicProblems(value, expected, where)
  if ('optional' in expected) return value === undefined ? [] : shapeProblems(value, expected.optional, where)
  if ('oneOf' in expected) {
    const fits = typeof value === 'string' && expected.oneOf.includes(value)
    return fits ? [] : [`${where} must be one of ${expected.oneOf.join(', ')}, found ${shown(value)}`]
  }
  if ('listOf' in expected) {
    if (!Array.isArray(value)) return [`${where} must be a list, found ${shown(value)}`]
    return value.flatMap((item, index) => shapeProblems(item, expected.listOf, `${where}[${index}]`))
  }
  const found = basicProblems(value, 'object', where)
  if (found.length > 0 || !isRecord(value)) return found
  if ('tableOf' in expected) {
    return Object.entries(value).flatMap(([key, item]) => shapeProblems(item, expected.tableOf, `${where}.${key}`))
  }
  return fieldProblems(value, expected, where)
}

function fieldProblems(
  value: Readonly<Record<string, unknown>>,
  expected: Extract<Expected, {fields: unknown}>,
  where: string,
): readonly string[] {
  const known = Object.keys(expected.fields)
  const unknown = expected.exact === true ? Object.keys(value).filter((key) => !known.includes(key)) : []
  return [
    ...unknown.map((key) => `${where}.${key} is not known, expected one of ${known.join(', ')}`),
    ...Object.entries(expected.fields).flatMap(([key, field]) => shapeProblems(value[key], field, `${where}.${key}`)),
  ]
}

function basicProblems(value: unknown, expected: Basic, where: string): readonly string[] {
  const fits = expected === 'object' ? isRecord(value) : typeof value === expected && value !== ''
  if (fits) return []
  const article = expected === 'object' ? 'an' : 'a'
  return [`${where} must be ${article} ${expected}, found ${shown(value)}`]
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return value === '' ? 'an empty string' : `'${value.slice(0, 40)}'`
  if (typeof value === 'object') return 'an object'
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : `a ${typeof value}`
}
