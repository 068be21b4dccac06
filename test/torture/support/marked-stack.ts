import assert from 'node:assert/strict'
import {isDeepStrictEqual} from 'node:util'
import {newId} from '../../../src/core/base/ids.js'
import type {Client} from '../../../src/core/client/client.js'
import {loadStack} from '../../../src/core/config/load-stack.js'
import type {StackDefinition} from '../../../src/core/contract/stack.js'
import type {StackStatus} from '../../../src/core/contract/status.js'
import {processesNaming, until, type Sandbox} from '../../support/harness.js'
import {findFaults, noFaults, takeCensus} from './census.js'
import {callerEnv} from './daemon.js'

/** A stack of services that run until they are ended and start again by themselves. All of their processes carry a marker. */
export class MarkedStack {
  readonly marker = `marker-${newId()}`
  private readonly name = 'torture'

  private constructor(
    private readonly state: string,
    readonly services: number,
  ) {}

  private definition!: StackDefinition

  static async make(sandbox: Sandbox, services: number): Promise<MarkedStack> {
    const stack = new MarkedStack(sandbox.state, services)
    const entries = Array.from(
      {length: services},
      (_, index) => `
  s${index}:
    type: process
    binary: sh
    args: [-c, 'while :; do sleep 1000; done']
    env: {MARKER: ${stack.marker}}
    restart: {policy: always, delay: 10ms, max_attempts: 100}`,
    )
    await sandbox.write(`name: ${stack.name}\nservices:${entries.join('')}\n`)
    stack.definition = (await loadStack({cwd: sandbox.folder, env: {}})).definition
    return stack
  }

  async load(client: Client): Promise<void> {
    await client.call('stack.load', {definition: this.definition, requestId: newId()})
  }

  start(client: Client): Promise<unknown> {
    return client.call('service.start', {stack: this.name, services: [], env: callerEnv, requestId: newId()})
  }

  stop(client: Client): Promise<unknown> {
    return client.call('service.stop', {stack: this.name, services: [], dependents: 'leave', requestId: newId()})
  }

  status(client: Client): Promise<StackStatus> {
    return client.call('service.status', {stack: this.name, services: []})
  }

  /** How many services are to be up; 0 when the stack was never loaded. */
  async wanted(client: Client): Promise<number> {
    const {stacks} = await client.call('stack.list', {})
    if (stacks.length === 0) return 0
    return (await this.status(client)).services.filter(({desired}) => desired === 'up').length
  }

  programs(): ReturnType<typeof takeCensus> {
    return takeCensus(this.marker)
  }

  /** Waits until what is wanted runs and nothing else does; then 0 orphan, 0 duplicate, 0 missing, 0 lost record. Answers how many run. */
  async settle(client: Client, when: string): Promise<number> {
    const wanted = await this.wanted(client)
    await until(
      async () => {
        const {stacks} = await client.call('stack.list', {})
        const services = stacks.length === 0 ? [] : (await this.status(client)).services
        return services.every(({state, desired}) => (desired === 'up' ? state === 'Running' : atRest.has(state)))
      },
      `all is as it was asked for, ${when}`,
      30_000,
    )
    await until(async () => (await this.programs()).length === wanted, `${wanted} programs are there, ${when}`)
    if (wanted > 0) await this.hasNoFaults(client, when)
    assert.deepEqual((await client.call('daemon.census', {})).mismatches, [], `the daemon sees the same, ${when}`)
    return wanted
  }

  /** What was killed just now may not have ended wholly: a child is still there, the shim has not written the end down. A second attempt is never right. */
  private async hasNoFaults(client: Client, when: string): Promise<void> {
    const {state, marker} = this
    let faults = noFaults
    const areNone = async (): Promise<boolean> => {
      faults = await findFaults({marker, state, status: await this.status(client)})
      assert.deepEqual(faults.duplicates, [], when)
      return isDeepStrictEqual(faults, noFaults)
    }
    await until(areNone, `nothing is left over, ${when}`).catch((error: unknown) => {
      assert.deepEqual(faults, noFaults, when)
      throw error
    })
  }

  /** Stops all; nothing is left and every attempt has its record. */
  async stopWholly(client: Client): Promise<void> {
    await this.stop(client)
    assert.deepEqual(await processesNaming(this.marker), [], 'a stop leaves nothing')
    const {state, marker} = this
    assert.deepEqual(await findFaults({marker, state, status: await this.status(client)}), noFaults, 'after a stop')
  }
}

const atRest: ReadonlySet<string> = new Set(['NotStarted', 'Stopped', 'Failed'])
