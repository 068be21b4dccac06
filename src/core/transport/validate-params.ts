import {HarnessError} from '../base/errors.js'
import {printable} from '../base/printable.js'
import type {JsonObject, JsonSchema} from '../base/json.js'
import {definitions} from '../protocol/definitions.js'
import type {Method} from '../protocol/method.js'
import {methods, type MethodName} from '../protocol/methods.js'
import type {Check, SchemaProblem} from '../schema/compile.js'

/** More of a value is not repeated. */
const mostFoundChars = 100

const checks = new Map<MethodName, Check>()

/** Checks a request's parameters against the methods table. The schema compiler is loaded with the first request. */
export async function validateParams(method: MethodName, params: JsonObject): Promise<void> {
  const {compileSchema} = await import('../schema/compile.js')
  let check = checks.get(method)
  if (!check) {
    check = compileSchema(methods[method].params as JsonSchema<unknown>, definitions)
    checks.set(method, check)
  }
  const problems = check(params)
  const [first] = problems
  if (!first) return
  const shown = problems.slice(0, 20).map(({pointer, expected}) => ({pointer, expected}))
  throw new HarnessError('REQUEST_INVALID', {
    subject: method,
    reason: reasonOf(first),
    details: {problems: shown},
  })
}

function reasonOf({pointer, expected, found}: SchemaProblem): string {
  const instead = found === undefined ? '' : `, found '${printable(found.slice(0, mostFoundChars))}'`
  return `params${pointer}: expected ${expected.replace(/^must be /, '')}${instead}`
}

export function isMethodName(method: string): method is MethodName {
  return Object.hasOwn(methods, method)
}

export function hasChannel(name: MethodName): boolean {
  const {channel} = methods[name] as Method<unknown, unknown>
  return channel ?? false
}
