import type {PluginServices} from '@service-harness/cli/plugin'
import type {HostFields} from '../address/host-fields.js'
import type {RemoteHost} from '../host/remote-host.js'
import {BackPorts} from '../tunnel/back-ports.js'
import {Agent} from './agent.js'

/** One of those who have to do with a machine. */
export interface Hold extends Disposable {
  readonly agent: Agent
  readonly backs: BackPorts
}

interface Held {
  readonly parts: Promise<Omit<Hold, typeof Symbol.dispose>>
  holders: number
  idle?: NodeJS.Timeout
}

const idleMs = 10_000

/** The agents of this process: one for each machine, also where many services are on it. */
export class Agents {
  private readonly held = new Map<string, Held>()

  constructor(
    private readonly services: PluginServices,
    private readonly open: (fields: HostFields) => Promise<RemoteHost>,
  ) {}

  /** Until what is returned is disposed of. Asks the machine nothing yet. */
  async hold(fields: HostFields): Promise<Hold> {
    const {host, user, port, key, jump} = fields
    const name = JSON.stringify([host, user, port, key, jump])
    const held = this.held.get(name) ?? this.make(name, fields)
    held.holders += 1
    clearTimeout(held.idle)
    let isHeld = true
    const release = (): void => {
      if (isHeld) this.release(name, held)
      isHeld = false
    }
    try {
      return {...(await held.parts), [Symbol.dispose]: release}
    } catch (error) {
      if (this.held.get(name) === held) this.held.delete(name)
      throw error
    }
  }

  private make(name: string, fields: HostFields): Held {
    const parts = this.open(fields).then((host) => ({
      agent: new Agent(host, this.services),
      backs: new BackPorts(host),
    }))
    parts.catch(() => undefined)
    const held: Held = {parts, holders: 0}
    this.held.set(name, held)
    return held
  }

  private release(name: string, held: Held): void {
    held.holders -= 1
    if (held.holders > 0) return
    held.idle = setTimeout(() => {
      if (this.held.get(name) === held) this.held.delete(name)
      void held.parts.then(async ({agent}) => {
        agent.close()
        await agent.host[Symbol.asyncDispose]()
      })
    }, idleMs)
    held.idle.unref()
  }
}
