import type {PluginServices} from '@service-harness/cli/plugin'
import {create} from './create.js'
import {deploySubgraph} from './deploy-subgraph.js'
import {indexingStatus} from './indexing-status.js'
import {pause, resume} from './pause.js'
import {querySubgraph} from './query-subgraph.js'
import {reassign} from './reassign.js'
import {removeSubgraph} from './remove-subgraph.js'
import {waitForSync} from './wait-for-sync.js'

/** What graph-node can be told to do. */
export function actions(services: PluginServices) {
  return {
    create: create(services),
    'deploy-subgraph': deploySubgraph(services),
    'wait-for-sync': waitForSync(services),
    'query-subgraph': querySubgraph(services),
    'indexing-status': indexingStatus(services),
    pause: pause(services),
    resume: resume(services),
    reassign: reassign(services),
    'remove-subgraph': removeSubgraph(services),
  } as const
}
