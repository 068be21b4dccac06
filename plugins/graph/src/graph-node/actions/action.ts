import type {Action, Json} from '@service-harness/cli/plugin'
import type {Context} from '../graph-node.js'

export type GraphNodeAction<Input, Output, Event extends Json = Json> = Action<Context, Input, Output, Event>
