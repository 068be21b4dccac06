import {isDeepStrictEqual} from 'node:util'

/** What an answer must be like. */
export interface Expectation {
  /** Into the answer, as `allocations.0.status`. */
  readonly path?: string
  readonly equals?: unknown
  readonly at_least?: number
  readonly matches?: string
}

/** The part of an answer that a path names: keys, and places in lists, with dots between them. */
export function valueAt(answer: unknown, path: string | undefined): unknown {
  if (path === undefined) return answer
  return path.split('.').reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    return (value as Readonly<Record<string, unknown>>)[key]
  }, answer)
}

/** Without a word of what it must be, anything will do but nothing: null, an empty list or text. */
export function holds(value: unknown, {equals, at_least: least, matches}: Expectation): boolean {
  if (equals !== undefined && !isDeepStrictEqual(value, equals)) return false
  if (least !== undefined && !(toNumber(value) >= least)) return false
  if (matches !== undefined) return new RegExp(matches, 'u').test(textOf(value))
  if (equals !== undefined || least !== undefined) return true
  return !(value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
}

export function describeExpectation({path, equals, at_least: least, matches}: Expectation): string {
  const what = path ?? 'the answer'
  if (equals !== undefined) return `${what} to be ${textOf(equals)}`
  if (least !== undefined) return `${what} to be at least ${least}`
  return matches === undefined ? `${what} to be there` : `${what} to match /${matches}/`
}

/** For people. */
export function textOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Numbers of chains come as hexadecimal texts, those of GraphQL as decimal ones. */
function toNumber(value: unknown): number {
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? Number(value) : NaN
}
