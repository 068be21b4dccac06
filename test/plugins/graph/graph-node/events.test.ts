import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {processEvent} from '../../../../plugins/graph/src/graph-node/events.js'

const deployment = 'QmQLrmjW5ZsGFbnsm1JmXaNPeCp6ffMLdFCTcyZTCRuaj1'
const by = `sgd: 2, subgraph_id: ${deployment}`

/** As graph-node 0.45 has printed them. */
const lines: readonly (readonly [string, object | undefined])[] = [
  [
    `Nov 27 19:45:01.773 INFO Set subgraph start block, block: None, ${by}, component: SubgraphRegistrar`,
    {what: 'deployed', deployment},
  ],
  [
    `Nov 27 19:45:02.527 INFO Data source count at start: 1, runner_index: 0, ${by}, component: SubgraphInstanceManager`,
    {what: 'started', deployment},
  ],
  [
    `Nov 27 19:45:03.080 INFO Committed write batch, time_ms: 10, weight: 2647, entities: 3, block_count: 1, block_number: 1, runner_index: 0, ${by}, component: SubgraphInstanceManager`,
    {what: 'indexed', deployment, block: 1},
  ],
  [
    `Nov 27 19:47:45.153 INFO Reverting block to get back to main chain, revert_to_ptr: #2 (afab00f5), subgraph_ptr: #3 (bddb980a), runner_index: 0, ${by}, component: SubgraphInstanceManager`,
    {what: 'reverted', deployment, block: 2},
  ],
  [
    `Nov 27 19:45:04.987 ERRO Subgraph instance failed to run: transaction 3d4f041a: error while executing at wasm backtrace:\t    0:   0x35dd - <unknown>!src/mapping/handleTransfer: Mapping aborted at src/mapping.ts, line 15, column 3, with message: nobody transfers 666 in handler \`handleTransfer\` at block #3 (0b6832c5), code: SubgraphSyncingFailure, runner_index: 0, ${by}, component: SubgraphInstanceManager`,
    {
      what: 'failed',
      deployment,
      reason:
        'transaction 3d4f041a: error while executing at wasm backtrace: 0: 0x35dd - <unknown>!src/mapping/handleTransfer: Mapping aborted at src/mapping.ts, line 15, column 3, with message: nobody transfers 666 in handler `handleTransfer` at block #3 (0b6832c5)',
    },
  ],
  [`Nov 27 19:45:03.024 INFO Scanning blocks [0, 0], target_range_size: 1, ${by}, component: BlockStream`, undefined],
  ['Nov 27 19:44:06.100 INFO Starting up, node_id: default', undefined],
  ['Ready for deployments at http://127.0.0.1:8020, with files from http://127.0.0.1:5001', undefined],
]

describe('events of graph-node', () => {
  it('are read from its log', () => {
    for (const [text, expected] of lines)
      assert.deepEqual(processEvent({kind: 'line', at: '2026-11-27T19:45:00Z', stream: 'stdout', text}), expected, text)
  })
})
