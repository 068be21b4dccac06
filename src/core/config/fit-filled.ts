import {HarnessError} from '../base/errors.js'
import {isJsonObject, type Json, type JsonObject, type JsonSchema} from '../base/json.js'
import {compileSchema} from '../schema/compile.js'
import {checkValue} from './check-value.js'
import {convertTexts} from './convert-texts.js'
import {escapeTemplate, referencesOf} from './template.js'

/** A template, and what it came to. */
export interface FilledTemplate<T extends JsonObject> {
  readonly template: JsonObject
  readonly filled: T
  /** The service or task it belongs to, and the place there, for the message. */
  readonly subject: string
  readonly place: string
}

/**
 * What a template came to, as the schema wants it: a text that came out of a variable or a reference becomes the number or boolean that is asked for.
 * Throws SERVICE_START_FAILED when it still does not fit; what holds no reference was checked when the stack was loaded.
 */
export function fitFilled<Value, T extends JsonObject>(schema: JsonSchema<Value>, options: FilledTemplate<T>): T {
  const {template, subject, place} = options
  const filled = convertTexts(compileSchema(schema), options.filled)
  if (!holdsReferences(template)) return filled as T
  const [problem] = checkValue(schema, escaped(filled), {pointer: '', path: place, owner: `'${subject}'`})
  if (problem) {
    throw new HarnessError('SERVICE_START_FAILED', {
      subject,
      reason: `with its references filled in, ${problem.message.replace(/\.$/, '')}`,
    })
  }
  return filled as T
}

function holdsReferences(value: Json): boolean {
  if (typeof value === 'string') return referencesOf(value).length > 0
  if (Array.isArray(value)) return value.some((inner: Json) => holdsReferences(inner))
  return isJsonObject(value) && Object.values(value).some(holdsReferences)
}

/** `checkValue` takes templates; here every `$` means itself. */
function escaped(value: Json): Json {
  if (typeof value === 'string') return escapeTemplate(value)
  if (Array.isArray(value)) return value.map((inner: Json) => escaped(inner))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escaped(inner)]))
}
