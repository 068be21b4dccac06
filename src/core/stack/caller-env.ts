import {createHash} from 'node:crypto'
import {canonicalJson, isJsonObject, type Json} from '../base/json.js'
import type {Store} from '../store/store.js'

/**
 * Keeps the caller's environment (the store is private to the user), once for all services it is used by, so that a restart after a recovery
 * is the same restart. Forgets those that nothing uses any more. `callerEnvKey` finds it.
 */
export async function saveCallerEnv(
  store: Store,
  stack: string,
  env: Readonly<Record<string, string>>,
  used: readonly string[],
): Promise<void> {
  const key = callerEnvKey(stack, env)
  const unused = store.entries(`env/${stack}/`).filter(([old]) => old !== key && !used.includes(old))
  const forget = unused.map(([old]) => ({key: old, value: undefined}))
  if (forget.length > 0 || store.get(key) === undefined) await store.commit([{key, value: env}, ...forget])
}

/** Among what a caller gives, the value of the secret NAME is `secret.NAME`. It reaches a workload by a reference only. */
export const secretPrefix = 'secret.'

/** The values of all secrets among it. */
export function secretValues(given: Json | undefined): readonly string[] {
  if (!isJsonObject(given)) return []
  const secrets = Object.entries(given).filter(([name]) => name.startsWith(secretPrefix))
  return secrets.flatMap(([, value]) => (typeof value === 'string' ? [value] : []))
}

/** The values of all secrets that any start was given and something may still use. */
export function savedSecrets(store: Store): readonly string[] {
  return store.entries('env/').flatMap(([, given]) => secretValues(given))
}

export function secretIn(given: Readonly<Record<string, string>>, name: string): string | undefined {
  return given[secretPrefix + name]
}

export function callerEnvKey(stack: string, env: Readonly<Record<string, string>>): string {
  const hash = createHash('sha256').update(canonicalJson(env)).digest('hex').slice(0, 16)
  return `env/${stack}/${hash}`
}

export function callerEnv(store: Store, key: string | null): Readonly<Record<string, string>> {
  const saved = key === null ? undefined : store.get(key)
  return (saved ?? {}) as Readonly<Record<string, string>>
}
