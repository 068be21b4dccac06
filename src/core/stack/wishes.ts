import type {Plan} from '../service/plan.js'
import type {NodeKey} from '../service/stack-graph.js'
import type {Store} from '../store/store.js'
import {callerEnvKey, saveCallerEnv} from './caller-env.js'
import type {StackNodes} from './stack-nodes.js'

export interface WishOptions {
  readonly env: Readonly<Record<string, string>>
  /** A task that is to run even though it is complete. */
  readonly forced?: NodeKey
  readonly requestId?: string
}

/** Journals what is asked for, and the environment that it is asked with, before anything is done for it. */
export class Wishes {
  /** From the first word on, nobody else forgets the environment that is about to be named by the records. */
  private readonly asked = new Set<{readonly env: string}>()

  constructor(
    private readonly stack: string,
    private readonly store: Store,
    private readonly nodes: StackNodes,
  ) {}

  async want(plan: Plan, {env, forced, requestId}: WishOptions): Promise<void> {
    const asked = {env: callerEnvKey(this.stack, env)}
    const wanted = plan.steps
      .filter(({action}) => action !== 'keep')
      // A stop that comes from here on comes after this start, and wins.
      .map(({key}) => ({key, node: this.nodes.node(key), signal: this.nodes.node(key).wanting()}))
    this.asked.add(asked)
    try {
      const used = this.nodes.all().flatMap(({record}) => record.env ?? [])
      await saveCallerEnv(this.store, this.stack, env, [...used, ...[...this.asked].map((each) => each.env)])
      const still = wanted.filter(({signal}) => !signal.aborted)
      await Promise.all(still.map(({key, node}) => node.want(asked.env, key === forced, requestId)))
    } finally {
      this.asked.delete(asked)
    }
  }
}
