import {HarnessError} from '../base/errors.js'
import {stackNodes} from '../config/stack-graph.js'
import {secretsOf} from '../config/used-secrets.js'
import type {SecretSource, StackDefinition} from '../contract/stack.js'
import type {NodeKey} from '../service/stack-graph.js'
import {secretIn} from './caller-env.js'

/** SECRET_MISSING when something that is about to start needs a secret that nobody gave a value for: nothing begins then. */
export function requireSecrets(
  definition: StackDefinition,
  starting: readonly NodeKey[],
  given: Readonly<Record<string, string>>,
): void {
  const missing = Object.entries(definition.secrets ?? {}).filter(([name]) => secretIn(given, name) === undefined)
  if (missing.length === 0) return
  const begin = new Set(starting)
  const nodes = [...stackNodes(definition).values()].filter(({kind, name}) => begin.has(`${kind}:${name}`))
  for (const [secret, source] of missing) {
    const users = nodes.filter((node) => secretsOf(node).has(secret)).map(({name}) => name)
    if (users.length > 0) throw withoutValue(secret, source, users)
  }
}

function withoutValue(secret: string, source: SecretSource, users: readonly string[]): HarnessError {
  const [origin, hint] = describeSource(source)
  return new HarnessError('SECRET_MISSING', {
    subject: secret,
    reason: `${users.join(', ')} ${users.length === 1 ? 'needs' : 'need'} it, and it comes from ${origin}`,
    hint,
  })
}

function describeSource(source: SecretSource): readonly [origin: string, hint: string] {
  if ('env' in source) return [`the variable ${source.env}`, `Set ${source.env}, then start again.`]
  if ('file' in source) return [`the file ${source.file}`, 'See that the file can be read, then start again.']
  const [program = ''] = source.command
  return [`the command ${program}`, `See that ${program} ends with 0 and prints it, then start again.`]
}
