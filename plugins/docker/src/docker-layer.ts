import type {Layer} from '@service-harness/cli/plugin'

interface DockerLayerSpec {
  readonly container: string
}

/**
 * Runs the command inside a container that is already up, by the `docker` program. Values travel in the environment, only names in argv, and under
 * names that mean nothing to `docker`: a PATH, HOME or DOCKER_HOST of the command is not its. A shell in the container gives them their own names, so
 * a command with variables needs one there. What the client itself needs (PATH, HOME, DOCKER_HOST) whoever runs it adds.
 *
 * `docker exec` passes no signals on: whoever ends it ends the client, and what it has begun in the container runs on until it ends by itself or the
 * container does. What must be ended is a service of its own, or a session of a container that harness has in its hands.
 */
export const dockerLayer: Layer<DockerLayerSpec> = {
  kind: 'docker',
  specSchema: {
    type: 'object',
    required: ['container'],
    properties: {container: {type: 'string', minLength: 1, pattern: '^[^-]'}},
    additionalProperties: false,
  },
  describe: (spec) => `docker exec ${spec.container}`,
  wrap({program, args, env, cwd, ...input}, {container}) {
    const {carried, names, prefix} = carry(env)
    const options = [
      ...(input.stdin === undefined && input.lead === undefined ? [] : ['--interactive']),
      ...(cwd === undefined ? [] : ['--workdir', cwd]),
      ...names.flatMap((name) => ['--env', name]),
    ]
    return {
      program: 'docker',
      args: ['exec', ...options, container, ...prefix, program, ...args],
      env: carried,
      ...input,
    }
  },
}

const mark = 'HARNESS_EXEC_'
/** What a shell can rename. Others mean nothing to `docker` either; some shells (dash) drop them. */
const identifier = /^[A-Za-z_]\w*$/
/** Shells that have them do not let them be set. */
const ofShells: ReadonlySet<string> = new Set(['BASHOPTS', 'EUID', 'PPID', 'SHELLOPTS', 'UID'])

interface Carried {
  readonly carried: Readonly<Record<string, string>>
  /** Of what is carried. */
  readonly names: readonly string[]
  /** What goes before the command in the container. */
  readonly prefix: readonly string[]
}

function carry(env: Readonly<Record<string, string>>): Carried {
  const carrierOf = (name: string): string => (identifier.test(name) && !ofShells.has(name) ? mark + name : name)
  const carried = Object.fromEntries(Object.entries(env).map(([name, value]) => [carrierOf(name), value]))
  const names = Object.keys(carried)
  // One that is itself called as the carrier of another is set after that was read: it is the longer one.
  const renamed = Object.keys(env)
    .filter((name) => carrierOf(name) !== name)
    .sort((one, other) => one.length - other.length)
  if (renamed.length === 0) return {carried, names, prefix: []}
  const sets = renamed.map((name) => `${name}="$${mark}${name}"`).join(' ')
  const over = renamed.map((name) => mark + name).filter((carrier) => !(carrier in env))
  const steps = [`export ${sets}`, `unset ${over.join(' ')}`, 'exec "$@"']
  return {carried, names, prefix: ['sh', '-c', steps.join('; '), 'sh']}
}
