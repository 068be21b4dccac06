import type {Blame} from './blame.js'

const makers = new WeakMap<object, string>()

/** Which plugin of the user made this, for messages: `, of plugin 'x' 1.2.3 (user)`. Empty for what harness brings. */
export function ofWhom(made: object): string {
  const who = makers.get(made)
  return who === undefined ? '' : `, of ${who}`
}

/** For a part of an object: what stands in its place, made of the part itself. A method may be called without its object. */
export type Guards<T> = {readonly [Key in keyof T]?: (part: NonNullable<T[Key]>) => NonNullable<T[Key]>}

/**
 * What a plugin made, with guards before those of its parts that it has. Unlike a copy it follows the original's getters and private fields, and
 * unlike a proxy of the original itself it may differ from one that is frozen.
 */
export function facade<T extends object>(original: T, by: Pick<Blame, 'who'>, guards: Guards<T>): T {
  const guarded = new Map<PropertyKey, unknown>()
  for (const [key, guard] of Object.entries(guards) as [string, (part: unknown) => unknown][]) {
    const part = bound(original, key)
    if (part !== undefined && part !== null) guarded.set(key, guard(part))
  }
  const front = new Proxy({} as T, {
    get: (_, key) => (guarded.has(key) ? guarded.get(key) : bound(original, key)),
    has: (_, key) => Reflect.has(original, key),
    set: () => false,
  })
  makers.set(front, by.who)
  return front
}

function bound(original: object, key: PropertyKey): unknown {
  const part = Reflect.get(original, key, original) as unknown
  if (typeof part !== 'function') return part
  return (...given: readonly unknown[]): unknown => Reflect.apply(part, original, given) as unknown
}
