import type {Action, PluginServices} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import {quantity} from '../chain.js'
import {chainOf, type Context} from '../context.js'
import {blockFields, type HeadOutput, timestamp} from './fields.js'

export interface Input {
  readonly count: number
  readonly interval_secs?: number
}

export type Output = HeadOutput & {readonly mined: number; readonly timestamp: number}

export type Progress = {readonly mined: number; readonly total: number; readonly block_number: number}

const mined = {type: 'integer', minimum: 0, description: 'How many blocks were mined.'} as const

/** In chunks: Anvil goes on mining what one call asks for when nobody wants it any more, and each block takes longer than the last. */
export function mineBlocks(services: PluginServices): Action<Context, Input, Output, Progress> {
  return {
    summary: 'Mines blocks.',
    input: object<Input>(
      {
        count: {type: 'integer', minimum: 1, maximum: 1_000_000, description: 'How many blocks.'},
        interval_secs: {
          type: 'integer',
          minimum: 0,
          maximum: 31_536_000,
          description:
            "Seconds between the blocks' timestamps; nothing waits that long. Left out: they have the time at which they are mined.",
        },
      },
      ['count'],
    ),
    output: object<Output>({mined, ...blockFields, timestamp}),
    event: object<Progress>({
      mined: {...mined, description: 'How many were mined so far.'},
      total: {type: 'integer', description: 'How many will be.'},
      block_number: blockFields.block_number,
    }),
    async run({count, interval_secs}, context) {
      const chain = chainOf(context, services)
      let [left, chunk] = [count, largest]
      while (left > 0) {
        context.signal.throwIfAborted()
        const blocks = Math.min(left, chunk)
        const begin = performance.now()
        const interval = interval_secs === undefined ? [] : [quantity(interval_secs)]
        await chain.ask('anvil_mine', quantity(blocks), ...interval)
        chunk = nextChunk(chunk, performance.now() - begin)
        left -= blocks
        const {block_number} = await chain.head()
        context.emit({mined: count - left, total: count, block_number})
        if (count > largest) context.progress(`${count - left} of ${count} blocks are mined`)
      }
      return {mined: count, ...(await chain.head())}
    },
  }
}

const largest = 250

/** Such that one takes about half a second: that is how long a cancellation waits. */
function nextChunk(chunk: number, tookMs: number): number {
  if (tookMs > 500) return Math.max(10, Math.floor(chunk / 2))
  return tookMs < 200 ? Math.min(largest, chunk * 2) : chunk
}
