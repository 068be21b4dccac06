import type {NetworkInspectInfo} from 'dockerode'
import type {Engine} from './engine/engine.js'
import {statusOf} from './engine/problem.js'
import {labels} from './labels.js'
import type {Attachment} from './names.js'

const forbidden = 403
const missing = 404
const conflict = 409

/** The networks of stacks: each is made when the first container needs it, and removed once nobody is attached to it any more. */
export class StackNetworks {
  /** By name: made, or found, and not removed since. */
  private readonly made = new Map<string, Promise<void>>()
  private readonly removed = new Map<string, Promise<void>>()
  /** How many starts are under way that need it: what is not started yet is not attached. */
  private readonly needed = new Map<string, number>()
  private readonly sweeps = new Map<string, Promise<void>>()

  constructor(private readonly engine: Engine) {}

  /** Does something for which the networks of a stack must be there. */
  async within<Result>(attached: readonly Attachment[], stack: string, work: () => Promise<Result>): Promise<Result> {
    const names = attached.filter(({ours}) => ours).map(({name}) => name)
    for (const name of names) this.count(name, 1)
    try {
      await Promise.all(names.map((name) => this.ensure(name, stack)))
      return await work()
    } finally {
      for (const name of names) this.count(name, -1)
    }
  }

  /** Asks the engine anew whether they are there. */
  forget(attached: readonly Attachment[]): void {
    for (const {name} of attached) this.made.delete(name)
  }

  /** Removes the networks of a stack that nobody is attached to any more. Who asks while it is done is answered by one more turn for all of them. */
  removeUnused(stack: string): Promise<void> {
    const waiting = this.sweeps.get(stack)
    if (waiting) return waiting
    const before = this.removed.get(stack) ?? Promise.resolve()
    const turn = before.then(() => {
      this.sweeps.delete(stack)
      const sweeping = this.sweep(stack)
      const over = sweeping.catch(() => undefined)
      this.removed.set(stack, over)
      void over.then(() => {
        if (this.removed.get(stack) === over) this.removed.delete(stack)
      })
      return sweeping
    })
    this.sweeps.set(stack, turn)
    return turn
  }

  private count(name: string, more: number): void {
    const count = (this.needed.get(name) ?? 0) + more
    if (count === 0) this.needed.delete(name)
    else this.needed.set(name, count)
  }

  private ensure(name: string, stack: string): Promise<void> {
    const known = this.made.get(name)
    if (known) return known
    const making = this.make(name, stack)
    this.made.set(name, making)
    making.catch(() => {
      if (this.made.get(name) === making) this.made.delete(name)
    })
    return making
  }

  private async make(name: string, stack: string): Promise<void> {
    await this.removed.get(stack)
    await this.engine.ask(async (docker) => {
      const find = async (): Promise<readonly NetworkInspectInfo[]> =>
        (await docker.listNetworks({filters: {name: [name]}})).filter((network) => network.Name === name)
      const found = await find()
      if (found.length === 0) {
        try {
          const Labels = {[labels.stack]: stack, [labels.network]: name}
          await docker.createNetwork({Name: name, CheckDuplicate: true, Driver: 'bridge', Labels})
        } catch (error) {
          if (statusOf(error) !== conflict) throw error
        }
      }
      // The engine makes two of one name when it is asked at once, as by a daemon that was killed just now: then it knows neither by its name.
      let more = found.length - 1
      for (const {Id} of found) if (more > 0 && (await this.remove(Id))) more -= 1
    })
  }

  private async sweep(stack: string): Promise<void> {
    const found = await this.engine.ask((docker) =>
      docker.listNetworks({filters: {label: [`${labels.stack}=${stack}`]}}),
    )
    for (const {Id, Name} of found) {
      if (this.needed.has(Name)) continue
      this.made.delete(Name)
      await this.remove(Id)
    }
  }

  /** `false`: somebody is attached to it. */
  private async remove(id: string): Promise<boolean> {
    try {
      await this.engine.ask((docker) => docker.getNetwork(id).remove())
      return true
    } catch (error) {
      const status = statusOf(error)
      if (status !== forbidden && status !== conflict && status !== missing) throw error
      return status === missing
    }
  }
}
