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
  passphrase: string | undefined
  holders: number
  idle?: NodeJS.Timeout
}

export interface AgentsOptions {
  /** A machine that nobody holds is left after this time. @default 10 000 */
  readonly idleMs?: number
}

/** The agents of this process: one for each machine, also where many services are on it. */
export class Agents {
  private readonly held = new Map<string, Held>()

  constructor(
    private readonly services: PluginServices,
    private readonly open: (fields: HostFields) => Promise<RemoteHost>,
    private readonly options: AgentsOptions = {},
  ) {}

  /** Until what is returned is disposed of. Asks the machine nothing yet. */
  async hold(fields: HostFields): Promise<Hold> {
    const {host, user, port, key, jump, passphrase} = fields
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
      const parts = await held.parts
      if (passphrase !== undefined && passphrase !== held.passphrase) await this.renew(held, fields)
      return {...parts, [Symbol.dispose]: release}
    } catch (error) {
      release()
      throw error
    }
  }

  private make(name: string, fields: HostFields): Held {
    const parts = this.open(fields).then((host) => ({
      agent: new Agent(host, this.services),
      backs: new BackPorts(host),
    }))
    const held: Held = {parts, passphrase: fields.passphrase, holders: 0}
    this.held.set(name, held)
    parts.catch(() => {
      this.held.delete(name)
    })
    return held
  }

  /** It is the same machine: whoever reaches it next knows the other passphrase. */
  private async renew(held: Held, fields: HostFields): Promise<void> {
    const host = await this.open(fields)
    held.passphrase = fields.passphrase
    await host[Symbol.asyncDispose]()
  }

  private release(name: string, held: Held): void {
    held.holders -= 1
    if (held.holders > 0) return
    held.idle = setTimeout(() => {
      if (this.held.get(name) === held) this.held.delete(name)
      void held.parts.then(
        async ({agent}) => {
          agent.close()
          await agent.host[Symbol.asyncDispose]()
        },
        () => undefined,
      )
    }, this.options.idleMs ?? 10_000)
    held.idle.unref()
  }
}
