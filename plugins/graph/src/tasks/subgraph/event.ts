import type {SyncEvent} from '../../graph-node/actions/wait-for-sync.js'
import type {ToolLine} from '../shared/run-tool.js'

/** What is heard of `task_type: subgraph-deploy`. */
export type SubgraphEvent = SyncEvent | ToolLine
