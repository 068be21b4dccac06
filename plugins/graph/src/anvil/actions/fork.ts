import type {Action, PluginServices} from '@service-harness/cli/plugin'
import {RpcError} from '../../shared/json-rpc.js'
import {object} from '../../shared/object-schema.js'
import {Chain, type Metadata, quantity} from '../chain.js'
import {chainOf, type Context} from '../context.js'
import {blockFields, type HeadOutput} from './fields.js'
import {type Fork, forkFields, forkOf} from './node-info.js'

export interface Input {
  readonly url: string
  readonly block_number?: number
}

export type Output = HeadOutput & {readonly fork: Fork}

/** The other chain is asked first: Anvil that cannot read the state at that block has left its own chain already, and answers nothing any more. */
export function fork(services: PluginServices): Action<Context, Input, Output> {
  return {
    summary: 'Goes on as a copy of another chain. What the chain was before is gone.',
    input: object<Input>(
      {
        url: {
          type: 'string',
          pattern: '^https?://\\S+$',
          description: 'The RPC URL of the other chain, http or https.',
        },
        block_number: {type: 'integer', minimum: 0, description: 'The block to begin at. Left out: the latest one.'},
      },
      ['url'],
    ),
    output: object<Output>({...blockFields, fork: {...forkFields, description: 'What it is a copy of now.'}}),
    async run({url, block_number}, context) {
      const chain = chainOf(context, services)
      const hint = 'Correct `url`, or start what should answer there.'
      const upstream = new Chain({what: 'The chain to fork', url, hint}, {services, signal: context.signal})
      const number = await forkableBlock(upstream, block_number)
      if (await isOne(chain, upstream)) throw problem(services, `${url} is this chain itself`, 'Name another `url`.')
      context.progress(`forking ${url} at block ${number}`)
      await chain.ask('anvil_reset', {forking: {jsonRpcUrl: url, blockNumber: number}})
      const now = await forkOf(chain)
      if (now?.url !== url || now.block_number !== number) {
        throw problem(services, `Anvil says that it is a fork of ${now?.url ?? 'nothing'} now`, 'Restart the service.')
      }
      const {block_number: head, block_hash} = await chain.head()
      return {block_number: head, block_hash, fork: now}
    },
  }
}

/** A block of which the other chain still has all balances. */
async function forkableBlock(upstream: Chain, wanted: number | undefined): Promise<number> {
  const {services, peer} = upstream
  const block = await upstream.findBlock(wanted ?? 'latest')
  if (!block) {
    const {block_number} = await upstream.head()
    const reason = `the chain at ${peer.url} has no block ${wanted}: its newest one is ${block_number}`
    throw problem(services, reason, 'Take an earlier `block_number`.')
  }
  try {
    await upstream.attempt('eth_getBalance', `0x${'0'.repeat(40)}`, quantity(block.block_number))
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    const reason = `the chain at ${peer.url} has no state of block ${block.block_number} any more: ${error.message}`
    throw problem(services, reason, 'Take a later `block_number`, or the URL of an archive node.')
  }
  return block.block_number
}

/** Anvil that fetches from itself never answers. */
async function isOne(chain: Chain, upstream: Chain): Promise<boolean> {
  try {
    const {instanceId} = await upstream.attempt<Metadata>('anvil_metadata')
    return instanceId === (await chain.metadata()).instanceId
  } catch (error) {
    if (error instanceof RpcError) return false
    throw error
  }
}

function problem(services: PluginServices | Chain['services'], reason: string, hint: string): Error {
  return services.error('ACTION_FAILED', {subject: 'Anvil', reason, hint})
}
