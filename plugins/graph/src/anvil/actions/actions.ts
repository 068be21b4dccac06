import type {PluginServices} from '@service-harness/cli/plugin'
import {fork} from './fork.js'
import {increaseTime} from './increase-time.js'
import {impersonate} from './impersonate.js'
import {mineBlocks} from './mine-blocks.js'
import {nodeInfo} from './node-info.js'
import {reorg} from './reorg.js'
import {setAutomine} from './set-automine.js'
import {setBalance} from './set-balance.js'
import {revert, snapshot} from './snapshot.js'
import {unfork} from './unfork.js'

/** What a chain can be told to do. */
export function actions(services: PluginServices) {
  return {
    'mine-blocks': mineBlocks(services),
    'set-balance': setBalance(services),
    fork: fork(services),
    unfork: unfork(services),
    snapshot: snapshot(services),
    revert: revert(services),
    'increase-time': increaseTime(services),
    reorg: reorg(services),
    'set-automine': setAutomine(services),
    impersonate: impersonate(services),
    'node-info': nodeInfo(services),
  } as const
}
