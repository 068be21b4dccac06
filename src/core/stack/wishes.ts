import {failpoint} from '../base/failpoint.js'
import type {StackDefinition} from '../contract/stack.js'
import type {Plan} from '../service/plan.js'
import type {NodeKey} from '../service/stack-graph.js'
import type {Store} from '../store/store.js'
import {callerEnv, callerEnvKey, saveCallerEnv, secretPrefix} from './caller-env.js'
import {requireSecrets} from './secrets.js'
import type {StackNodes} from './stack-nodes.js'

export interface WishOptions {
  /** What the caller gives: variables of its environment, and secrets. */
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
    private readonly definition: () => StackDefinition,
  ) {}

  async want(plan: Plan, {env: given, forced, requestId}: WishOptions): Promise<void> {
    const env = {...this.knownSecrets(), ...given}
    const begun = plan.steps.filter(({action}) => action !== 'keep')
    const keys = begun.map(({key}) => key)
    requireSecrets(this.definition(), keys, env)
    const asked = {env: callerEnvKey(this.stack, env)}
    const wanted = begun
      // A stop that comes from here on comes after this start, and wins.
      .map(({key}) => ({key, node: this.nodes.node(key), signal: this.nodes.node(key).wanting()}))
    this.asked.add(asked)
    try {
      const used = this.nodes.all().flatMap(({record}) => record.env ?? [])
      await saveCallerEnv(this.store, this.stack, env, [...used, ...[...this.asked].map((each) => each.env)])
      const still = wanted.filter(({signal}) => !signal.aborted)
      await Promise.all(still.map(({key, node}) => node.want(asked.env, key === forced, requestId)))
      failpoint('after-wish')
    } finally {
      this.asked.delete(asked)
    }
  }

  /** What runs keeps the secrets it was started with: who starts it again without the stack file has none to give. */
  private knownSecrets(): Readonly<Record<string, string>> {
    const up = this.nodes.all().filter(({record}) => record.desired === 'up')
    const keys = new Set(up.map(({record}) => record.env))
    const given = [...keys].flatMap((key) => Object.entries(callerEnv(this.store, key)))
    return Object.fromEntries(given.filter(([name]) => name.startsWith(secretPrefix)))
  }
}
