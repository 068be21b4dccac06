import type {StackDefinition} from '../contract/stack.js'

/** The names of variables that hold secrets. */
export function secretVariables({secrets = {}}: Pick<StackDefinition, 'secrets'>): ReadonlySet<string> {
  return new Set(Object.values(secrets).flatMap((source) => ('env' in source ? [source.env] : [])))
}

/** A definition with what the variables came to that its files refer to. What holds a secret is there without its value. */
export function withVariables(
  definition: StackDefinition,
  asked: ReadonlyMap<string, string | undefined>,
): StackDefinition {
  const secret = secretVariables(definition)
  const names = [...new Set([...asked.keys(), ...secret])].sort()
  if (names.length === 0) return definition
  const variables = names.map((name) => [name, secret.has(name) ? null : (asked.get(name) ?? null)] as const)
  return Object.freeze({...definition, variables: Object.freeze(Object.fromEntries(variables))})
}
