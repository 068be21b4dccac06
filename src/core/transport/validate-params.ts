import {HarnessError} from '../base/errors.js'
import type {JsonObject, JsonSchema} from '../base/json.js'
import {definitions} from '../protocol/definitions.js'
import type {Method} from '../protocol/method.js'
import {methods, type MethodName} from '../protocol/methods.js'
import type {Check} from '../schema/compile.js'

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
    reason: `params${first.pointer}: expected ${first.expected.replace(/^must be /, '')}`,
    details: {problems: shown},
  })
}

export function isMethodName(method: string): method is MethodName {
  return Object.hasOwn(methods, method)
}

export function hasChannel(name: MethodName): boolean {
  const {channel} = methods[name] as Method<unknown, unknown>
  return channel ?? false
}
