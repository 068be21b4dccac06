import type {Action, PluginServices} from '@service-harness/cli/plugin'
import {setTimeout as sleep} from 'node:timers/promises'
import {object} from '../../shared/object-schema.js'
import {newChainSignal} from '../arguments.js'
import type {Chain} from '../chain.js'
import {chainOf, type Context} from '../context.js'
import {isLaunched} from '../target.js'
import {blockFields, type HeadOutput} from './fields.js'
import {forkOf} from './node-info.js'

export type Output = HeadOutput & {readonly instance_id: string}

/** `anvil_reset` would keep the chain ID and the fetched balances of the fork; only another process has nothing of it. */
export function unfork(services: PluginServices): Action<Context, object, Output> {
  return {
    summary: 'Leaves a fork: Anvil starts again with a chain of its own, at the same port.',
    input: object({}),
    output: object<Output>({
      ...blockFields,
      instance_id: {type: 'string', description: 'By which the new chain is told from the former one.'},
    }),
    async run(_input, context) {
      const chain = chainOf(context, services)
      if ((await forkOf(chain)) === null) {
        throw services.error('ACTION_FAILED', {
          subject: 'Anvil',
          reason: 'it is not a fork',
          hint: 'Fork another chain first, with the action `fork`.',
        })
      }
      const {instanceId} = await chain.metadata()
      await beginAnew(context, services)
      const instance_id = await newInstance(chain, instanceId, context, services)
      const {block_number, block_hash} = await chain.head()
      return {block_number, block_hash, instance_id}
    },
  }
}

async function beginAnew({handle, target}: Context, services: PluginServices): Promise<void> {
  if (isLaunched(target) && handle.signal) {
    await handle.signal(newChainSignal)
    return
  }
  const [, service = 'SERVICE'] = handle.id.split('/')
  throw services.error('ACTION_FAILED', {
    subject: 'Anvil',
    reason: `only a new process leaves a fork, and harness cannot start one inside of 'target: {type: ${target.type}}'`,
    hint: `Type \`harness restart ${service}\`.`,
  })
}

const patienceMs = 30_000

async function newInstance(chain: Chain, former: string, {signal}: Context, services: PluginServices): Promise<string> {
  const end = performance.now() + patienceMs
  while (performance.now() < end) {
    const instanceId = await instanceOf(chain, signal)
    if (instanceId !== undefined && instanceId !== former) return instanceId
    await sleep(50, undefined, {signal})
  }
  throw services.error('ACTION_FAILED', {
    subject: 'Anvil',
    reason: `Anvil did not come back as a new chain within ${patienceMs / 1000} s`,
    hint: 'See what `harness logs` says of it.',
  })
}

/** `undefined` while it is not there. */
async function instanceOf(chain: Chain, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await chain.metadata()).instanceId
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}
