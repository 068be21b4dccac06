import {randomUUID} from 'node:crypto'
import type {Context} from 'mocha'
import {openTestHost, type TestHost} from '../../../../src/testing.js'
import type {RunningStack} from '../../../../src/core/client/api/running-stack.js'
import type {Json, JsonObject} from '../../../../src/core/base/json.js'
import register from '../../../../plugins/graph/src/register.js'
import {needs} from '../../../support/needs.js'
import {Backends, hasBackends} from './backends.js'
import {deployToken} from './token.js'

/** A host with the backends of a graph-node, and its own contract as the first of the chain. */
export class Scene implements AsyncDisposable {
  private constructor(
    readonly backends: Backends,
    readonly host: TestHost,
  ) {}

  static async open(test: Context): Promise<Scene> {
    needs(test, hasBackends, 'PostgreSQL of Debian, on Linux x64')
    const backends = await Backends.start()
    await deployToken(backends.chain)
    return new Scene(backends, await openTestHost({register}))
  }

  /** A graph-node in a stack file, with a database of its own. */
  async service(config: JsonObject = {}): Promise<JsonObject> {
    return {
      service_type: 'graph-node',
      config: {
        postgres: await this.backends.database(`graph-node ${randomUUID()}`),
        ipfs: this.backends.ipfs.url,
        ethereum: {hardhat: this.backends.chain},
        polling_interval: 100,
        ...config,
      },
      ports: {http: 0, admin: 0, status: 0, metrics: 0},
      restart: 'no',
    }
  }

  start(services: JsonObject): Promise<RunningStack> {
    return this.host.start({services})
  }

  /** What an action of the service `node` answers, with its events and progress. */
  async act<Output>({stack}: RunningStack, action: string, input: Json, service = 'node'): Promise<Acted<Output>> {
    const events: Json[] = []
    const lines: string[] = []
    const {output} = await this.host.client.action.invoke(
      {stack, service, action, input},
      {
        onProgress(progress) {
          if ('event' in progress) events.push(progress.event)
          else if ('message' in progress) lines.push(progress.message)
        },
      },
    )
    return {output: output as Output, events, lines}
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host[Symbol.asyncDispose]()
    await this.backends[Symbol.asyncDispose]()
  }
}

export interface Acted<Output> {
  readonly output: Output
  readonly events: readonly Json[]
  readonly lines: readonly string[]
}
