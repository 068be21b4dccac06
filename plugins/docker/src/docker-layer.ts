import type {CommandSpec, Layer, PluginServices} from '@service-harness/cli/plugin'

interface DockerLayerSpec {
  readonly container: string
}

/**
 * Runs the command inside a container that is already up, by the `docker` program. Values travel in the environment, only names in argv, and under
 * names that mean nothing to `docker`: a PATH, HOME or DOCKER_HOST of the command is not its. A shell in the container gives them their own names, so
 * a command with variables needs one there. What the client itself needs (PATH, HOME, DOCKER_HOST) whoever runs it adds.
 *
 * `docker exec` passes no signals on: whoever ends it ends the client, and what it has begun in the container runs on until it ends by itself or the
 * container does. A command with a grace, as services and tasks have one, is run by a shell there that ends it when the input ends; the container needs one then.
 */
export const dockerLayer = (shell: PluginServices['shell']): Layer<DockerLayerSpec> => ({
  kind: 'docker',
  specSchema: {
    type: 'object',
    required: ['container'],
    properties: {container: {type: 'string', minLength: 1, pattern: '^[^-]'}},
    additionalProperties: false,
  },
  describe: (spec) => `docker exec ${spec.container}`,
  wrap({program, args, env, cwd, ...input}, {container}) {
    const tied = tiedIn(input, shell)
    const {carried, names, prefix} = carry(env, tied)
    const options = [
      ...(input.stdin === undefined && input.lead === undefined && !tied ? [] : ['--interactive']),
      ...(cwd === undefined ? [] : ['--workdir', cwd]),
      ...names.flatMap((name) => ['--env', name]),
    ]
    const words = ['exec', ...options, container, ...prefix, program, ...args]
    if (!tied) return {program: 'docker', args: words, env: carried, ...input}
    // In a session of its own: a signal to the group is not for the client, which would die of it.
    return {
      program: 'sh',
      args: ['-c', shell.tiedClient, 'sh', 'setsid', 'docker', ...words],
      env: carried,
      ...input,
      lead: '',
    }
  },
})

type Tied = ((run: string) => string) | undefined

/** What somebody means to end, a service or a task, is tied to the input of the client, unless it needs that for itself, or leads on. */
function tiedIn({stdin, lead, graceMs}: Partial<CommandSpec>, shell: PluginServices['shell']): Tied {
  if (stdin !== undefined || lead !== undefined || graceMs === undefined) return undefined
  return (run) => shell.tied(run, {graceMs, to: 'input'})
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

function carry(env: Readonly<Record<string, string>>, tied: Tied): Carried {
  const carrierOf = (name: string): string => (identifier.test(name) && !ofShells.has(name) ? mark + name : name)
  const carried = Object.fromEntries(Object.entries(env).map(([name, value]) => [carrierOf(name), value]))
  const names = Object.keys(carried)
  // One that is itself called as the carrier of another is set after that was read: it is the longer one.
  const renamed = Object.keys(env)
    .filter((name) => carrierOf(name) !== name)
    .sort((one, other) => one.length - other.length)
  if (renamed.length === 0 && !tied) return {carried, names, prefix: []}
  const sets = renamed.map((name) => `${name}="$${mark}${name}"`).join(' ')
  const over = renamed.map((name) => mark + name).filter((carrier) => !(carrier in env))
  const renaming = renamed.length === 0 ? [] : [`export ${sets}`, `unset ${over.join(' ')}`]
  const script = [...renaming, 'exec "$@"'].join('; ')
  return {carried, names, prefix: ['sh', '-c', tied ? tied(script) : script, 'sh']}
}
