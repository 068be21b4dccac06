import assert from 'node:assert/strict'
import {randomUUID} from 'node:crypto'
import {readdirSync} from 'node:fs'
import path from 'node:path'
import {newId} from '../../../src/core/base/ids.js'
import type {Client} from '../../../src/core/client/client.js'
import {loadStack} from '../../../src/core/config/load-stack.js'
import type {StackDefinition} from '../../../src/core/contract/stack.js'
import type {ServiceStatus, StartOutcome} from '../../../src/core/contract/status.js'
import type {Machine} from '../../plugins/ssh/with-machine.js'
import {until, type Sandbox} from '../../support/harness.js'
import {takeCensus} from './census.js'
import {callerEnv} from './daemon.js'

/** A stack of services on a machine, driven through a client, and looked at through /proc, where all of that machine's processes are. */
export class RemoteStack {
  /** The daemon's id of it. */
  id = ''

  private constructor(
    private readonly machine: Machine,
    private readonly definition: StackDefinition,
    private readonly mark: string,
  ) {}

  /** Of services as they stand in a stack file, each with a mark in its environment. */
  static async make(
    sandbox: Sandbox,
    machine: Machine,
    services: Readonly<Record<string, object>>,
  ): Promise<RemoteStack> {
    const config = await sandbox.write(machine.config, 'ssh_config')
    sandbox.variables = {...sandbox.variables, HARNESS_SSH_CONFIG: config}
    const mark = randomUUID()
    const marked = Object.entries(services).map(([name, service]): [string, object] => [
      name,
      {...service, env: {TORTURE_MARK: mark}},
    ])
    await sandbox.write(JSON.stringify({name: 'torture', services: Object.fromEntries(marked)}))
    return new RemoteStack(machine, (await loadStack({cwd: sandbox.folder, env: {}})).definition, mark)
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

  /** The programs that run there, by what /proc says. */
  async programs(): Promise<readonly number[]> {
    return (await takeCensus(this.mark)).flatMap(({program}) => program ?? []).sort((one, other) => one - other)
  }

  /** Waits until what the daemon says is at rest, and exactly that runs there: 0 duplicates, 0 orphans, 0 missing. */
  async settle(client: Client, when: string): Promise<void> {
    const atRest = new Set(['Failed', 'NotStarted', 'Running', 'Stopped'])
    await until(
      async () => (await this.status(client)).every(({state}) => atRest.has(state)),
      `all is at rest, ${when}`,
      30_000,
    )
    const both = async (): Promise<readonly [readonly number[], readonly number[]]> => {
      const said = (await this.status(client)).filter(({state}) => state === 'Running').map(({pid}) => pid ?? 0)
      return [await this.programs(), said.sort((one, other) => one - other)]
    }
    const agree = async (): Promise<boolean> => {
      const [is, says] = await both()
      return is.join() === says.join()
    }
    await until(agree, `what runs is what the daemon says, ${when}`, 20_000).catch(async () => {
      const [is, says] = await both()
      assert.deepEqual(is, says, when)
    })
  }

  /** Afterwards no process is left there, and no folder of a run. */
  async stopWholly(client: Client): Promise<void> {
    await this.stop(client)
    assert.deepEqual(await takeCensus(this.mark), [], 'a stop leaves no process')
    await until(() => this.folders().length === 0, 'no folder of a run is left')
  }

  private folders(): readonly string[] {
    return readdirSync(path.join(this.machine.base, 'runs'))
  }
}

/** A target that runs a script of the shell there. `$$` is a dollar in a stack file. */
export function there(script: string, more: object = {}): object {
  return {type: 'remote', host: 'box', binary: 'sh', args: ['-c', script.replaceAll('$', '$$$$')], ...more}
}
