import {newId} from '../../base/ids.js'
import {methods, type MethodName, type ParamsOf} from '../../protocol/methods.js'

/** What a method needs and every caller gives alike. */
const defaults: Readonly<Record<string, () => unknown>> = {
  requestId: newId,
  env: () => process.env,
  services: () => [],
}

/** The parameters of a call with what was left out. */
export function fill<Name extends MethodName>(name: Name, given: object = {}): ParamsOf<Name> {
  const {required = []} = methods[name].params as {readonly required?: readonly string[]}
  const missing = Object.entries(defaults).filter(([key]) => required.includes(key) && !(key in given))
  const filled: Readonly<Record<string, unknown>> = {
    ...given,
    ...Object.fromEntries(missing.map(([key, make]) => [key, make()])),
  }
  const env = filled['env']
  return (isRecord(env) ? {...filled, env: withoutUnset(env)} : filled) as ParamsOf<Name>
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function withoutUnset(env: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined))
}
