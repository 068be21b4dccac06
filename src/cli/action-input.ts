import {HarnessError} from '../core/base/errors.js'
import {isJsonObject, type Json, type JsonObject, type JsonSchema} from '../core/base/json.js'

/** `--input`: JSON. */
export function parseInput(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    throw new HarnessError('USAGE', {
      subject: '--input',
      reason: `expected JSON: ${error instanceof Error ? error.message : 'it cannot be read'}`,
      hint: `Write --input '{"key": "value"}', or --param key=value for each field.`,
    })
  }
}

/** `--param KEY=VALUE` for each field. */
export function parseParams(texts: readonly string[]): JsonObject {
  const pairs = texts.map(parseParam)
  const twice = pairs.find(([key], index) => pairs.findIndex(([other]) => other === key) < index)
  if (twice) throw problem(`--param ${twice[0]}`, 'it is given twice')
  return Object.fromEntries(pairs)
}

/** What an action is given. Texts of `--param` become what its schema wants. */
export async function actionInput(
  {input, params}: {readonly input: Json | undefined; readonly params: JsonObject},
  schema: JsonSchema<unknown>,
): Promise<Json> {
  if (Object.keys(params).length === 0) return input ?? {}
  if (input !== undefined && !isJsonObject(input))
    throw problem('--param', 'there are fields only where --input is an object')
  const [{compileSchema}, {convertTexts}] = await Promise.all([
    import('../core/schema/compile.js'),
    import('../core/config/convert-texts.js'),
  ])
  const laid = {...input, ...params}
  const converted = convertTexts(compileSchema(schema), laid)
  // Only what came as a text is read as something else.
  const fields = Object.keys(params).map((key) => [key, isJsonObject(converted) ? converted[key] : laid[key]])
  return {...laid, ...(Object.fromEntries(fields) as JsonObject)}
}

function parseParam(text: string): readonly [key: string, value: string] {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (key === undefined || value === undefined) throw problem(`--param ${text}`, 'expected KEY=VALUE')
  return [key, value]
}

function problem(subject: string, reason: string): HarnessError {
  return new HarnessError('USAGE', {subject, reason, hint: 'Write --param key=value, once for each field.'})
}
