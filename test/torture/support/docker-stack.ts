import {newId} from '../../../src/core/base/ids.js'
import type {Client} from '../../../src/core/client/client.js'
import {loadStack} from '../../../src/core/config/load-stack.js'
import type {StackDefinition} from '../../../src/core/contract/stack.js'
import type {ServiceStatus, StartOutcome} from '../../../src/core/contract/status.js'
import type {TestEngine} from '../../plugins/docker/engine.js'
import type {Sandbox} from '../../support/harness.js'
import {callerEnv} from './daemon.js'

/** A container as the engine tells it: harness is not asked. */
export interface SeenContainer {
  readonly id: string
  readonly name: string
  /** `created`, `running`, `exited`, … */
  readonly state: string
  readonly service: string
}

/** A stack of containers, driven through a client, and looked at through the engine. */
export class DockerStack {
  /** The daemon's id of it, which containers are named after. */
  id = ''

  private constructor(
    private readonly engine: TestEngine,
    private readonly definition: StackDefinition,
  ) {}

  /** Of services as they stand in a stack file. */
  static async make(
    sandbox: Sandbox,
    engine: TestEngine,
    services: Readonly<Record<string, object>>,
  ): Promise<DockerStack> {
    sandbox.variables = {DOCKER_HOST: engine.host}
    await sandbox.write(JSON.stringify({name: 'torture', services}))
    return new DockerStack(engine, (await loadStack({cwd: sandbox.folder, env: {}})).definition)
  }

  async load(client: Client): Promise<void> {
    const {stack} = await client.call('stack.load', {definition: this.definition, requestId: newId()})
    this.id = stack
  }

  start(client: Client, ...services: readonly string[]): Promise<StartOutcome> {
    return client.call('service.start', {stack: this.id, services, env: callerEnv, requestId: newId()})
  }

  stop(client: Client, ...services: readonly string[]): Promise<unknown> {
    return client.call('service.stop', {stack: this.id, services, dependents: 'leave', requestId: newId()})
  }

  async status(client: Client): Promise<readonly ServiceStatus[]> {
    const {stacks} = await client.call('stack.list', {})
    if (stacks.length === 0) return []
    return (await client.call('service.status', {stack: this.id, services: []})).services
  }

  async of(client: Client, service: string): Promise<ServiceStatus> {
    const found = (await this.status(client)).find(({name}) => name === service)
    if (!found) throw new Error(`there is no service '${service}'`)
    return found
  }

  /** Everything that has the label of the stack, whatever its state. */
  async containers(): Promise<readonly SeenContainer[]> {
    const format = '{{.ID}} {{.Names}} {{.State}} {{.Label "harness.service"}}'
    const label = `label=harness.stack=${this.id}`
    const lines = await this.engine.docker('ps', '-a', '--no-trunc', '--filter', label, '--format', format)
    return lines
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const [id = '', name = '', state = '', service = ''] = line.split(' ')
        return {id, name, state, service}
      })
  }

  async networks(): Promise<readonly string[]> {
    const label = `label=harness.stack=${this.id}`
    const lines = await this.engine.docker('network', 'ls', '--filter', label, '--format', '{{.Name}}')
    return lines.split('\n').filter(Boolean)
  }
}

/** A target that runs a script of the shell in the image of the tests. `$$` is a dollar in a stack file. */
export function container(script: string, more: object = {}): object {
  const command = ['sh', '-c', script.replaceAll('$', '$$$$')]
  return {type: 'docker', image: 'busybox:local', pull: 'never', command, ...more}
}
