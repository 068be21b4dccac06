import {isJsonObject, type Json} from '../base/json.js'

/** What a reference asks for. `unknown`: it has the form of one and means nothing. */
export type Reference = {readonly text: string; readonly of: string} & (
  | {readonly kind: 'stack'; readonly field: 'dir' | 'name'}
  | {readonly kind: 'address'; readonly field: 'host' | 'ip' | 'port' | 'url'}
  | {readonly kind: 'port'; readonly port: string}
  | {readonly kind: 'secret'; readonly name: string}
  | {readonly kind: 'output'; readonly path: readonly string[]}
  | {readonly kind: 'unknown'}
)

export type TemplatePart =
  | {readonly kind: 'text'; readonly text: string}
  | {readonly kind: 'reference'; readonly text: string; readonly reference: Reference}
  /** A `$` that begins neither `$$` nor a reference. Resolves to itself. */
  | {readonly kind: 'malformed'; readonly text: string}

/** A name with a dot, as in `${db.port}`. A variable before `-` is upper case, so `${HOST-a.b}` is none. */
const referencePattern = /^(?:[a-z0-9][a-z0-9_-]*|\w+)(?:\.[\w-]+)+$/

export function isReference(text: string): boolean {
  return referencePattern.test(text)
}

/** Cuts a template of a stack definition into its parts. Never throws. */
export function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = []
  for (const [piece, inside] of text.matchAll(/\$\$|\$\{([^{}$]*)\}|\$|[^$]+/g)) {
    if (inside !== undefined && isReference(inside)) {
      parts.push({kind: 'reference', text: piece, reference: parseReference(inside)})
    } else if (piece === '$$') parts.push({kind: 'text', text: '$'})
    else if (piece.startsWith('$')) parts.push({kind: 'malformed', text: piece})
    else parts.push({kind: 'text', text: piece})
  }
  return parts
}

/** The references of a template, in order. */
export function referencesOf(text: string): Reference[] {
  return parseTemplate(text).flatMap((part) => (part.kind === 'reference' ? [part.reference] : []))
}

/** Fills in the references and turns `$$` into `$`. What `lookup` answers is taken as it is. */
export function resolveTemplate(text: string, lookup: (reference: Reference) => string): string {
  if (!text.includes('$')) return text
  return parseTemplate(text)
    .map((part) => (part.kind === 'reference' ? lookup(part.reference) : part.text))
    .join('')
}

/** Resolves every text inside a value; keys are left alone. */
export function resolveDeep(value: Json, lookup: (reference: Reference) => string): Json {
  if (typeof value === 'string') return resolveTemplate(value, lookup)
  if (isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolveDeep(inner, lookup)]))
  }
  return Array.isArray(value) ? value.map((inner: Json) => resolveDeep(inner, lookup)) : value
}

/** The template that resolves to exactly this text. */
export function escapeTemplate(text: string): string {
  return text.replaceAll('$', '$$$$')
}

const addressFields = ['host', 'ip', 'port', 'url'] as const

// What is spread stands last: Node 20 takes long to add to it, and this is done for each reference.
function parseReference(text: string): Reference {
  const [of = '', field = '', ...rest] = text.split('.')
  const [first] = rest
  const base = {text, of}
  if (first === undefined) {
    if (of === 'secret') return {kind: 'secret', name: field, ...base}
    if (of === 'stack' && (field === 'name' || field === 'dir')) return {kind: 'stack', field, ...base}
    const address = addressFields.find((each) => each === field)
    return address === undefined ? {kind: 'unknown', ...base} : {kind: 'address', field: address, ...base}
  }
  if (field === 'outputs') return {kind: 'output', path: rest, ...base}
  return field === 'ports' && rest.length === 1 ? {kind: 'port', port: first, ...base} : {kind: 'unknown', ...base}
}
