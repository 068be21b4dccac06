import type {Layer} from '@service-harness/cli/plugin'

interface DockerLayerSpec {
  readonly container: string
}

/** Runs the command inside a container that is already up. Values travel in the environment, only their names in argv. */
export const dockerLayer: Layer<DockerLayerSpec> = {
  kind: 'docker',
  specSchema: {
    type: 'object',
    required: ['container'],
    properties: {container: {type: 'string', minLength: 1, pattern: '^[^-]'}},
    additionalProperties: false,
  },
  describe: (spec) => `docker exec ${spec.container}`,
  wrap(command, {container}) {
    const names = Object.keys(command.env).flatMap((name) => ['--env', name])
    const directory = command.cwd === undefined ? [] : ['--workdir', command.cwd]
    const stdin = command.stdin === undefined ? [] : ['--interactive']
    const args = ['exec', ...stdin, ...directory, ...names, container, command.program, ...command.args]
    return {program: 'docker', args, env: command.env, ...(command.stdin === undefined ? {} : {stdin: command.stdin})}
  },
}
