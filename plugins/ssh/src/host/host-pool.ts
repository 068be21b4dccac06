import type {PluginServices} from '@service-harness/cli/plugin'
import {nameOf} from '../address/name-of.js'
import {resolveAddress, type Address} from '../address/resolve-address.js'
import type {HostFields} from '../address/host-fields.js'
import {connectTo, type Carrier} from '../connect/connect.js'
import type {Connection} from '../connect/connection.js'
import {isOurs, wordsOf} from '../problem.js'
import type {Pauses} from './link.js'
import type {RemoteHost} from './remote-host.js'
import {SshHost} from './ssh-host.js'

type Lent = Pick<PluginServices, 'error' | 'log'>

export interface HostPoolOptions {
  /** Read at each `hold`. @default that of the process */
  readonly env?: NodeJS.ProcessEnv
  /** A host that nobody holds is left after this time. @default 10 000 */
  readonly idleMs?: number
  readonly pauses?: Pauses
}

interface Held {
  readonly host: SshHost
  holders: number
  /** The newest: an address with another passphrase is the same machine. One that has none takes none away. */
  address: Address
  idle?: NodeJS.Timeout
}

/** More hosts on the way are a circle. */
const mostHops = 8

/** The machines that this process has to do with: one connection to each, also where several lead through it. */
export class HostPool implements AsyncDisposable {
  private readonly held = new Map<string, Held>()

  constructor(
    private readonly services: Lent,
    private readonly options: HostPoolOptions = {},
  ) {}

  /**
   * The machine that the fields name, until what is returned is disposed of. It is begun to be reached, and reached again whenever the link is cut; this call
   * opens nothing itself, and rejects only when the fields or the configuration are wrong.
   */
  async hold(fields: HostFields): Promise<RemoteHost> {
    const address = await this.resolve(fields)
    await this.checkWay(address)
    return this.holdAt(address)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.held.values()]
    this.held.clear()
    for (const {host, idle} of all) {
      clearTimeout(idle)
      await host[Symbol.asyncDispose]()
    }
  }

  private async resolve(fields: HostFields): Promise<Address> {
    const {env = process.env} = this.options
    return await resolveAddress(this.services, fields, {
      env,
      debug: (message) => {
        this.services.log.debug(message)
      },
    })
  }

  /** One that leads through itself would wait for itself. */
  private async checkWay(address: Address): Promise<void> {
    const seen = new Set([keyOf(address)])
    for (let next = wayBefore(address); next;) {
      const hop = await this.resolve(next)
      if (seen.has(keyOf(hop)) || seen.size > mostHops)
        throw this.services.error('SSH_CONFIG_INVALID', {
          subject: address.alias,
          reason:
            seen.size > mostHops
              ? `more than ${mostHops} hosts are on the way to it`
              : `${nameOf(hop)} is reached through itself`,
          hint: "See 'jump' in the stack file, and 'ProxyJump' in ~/.ssh/config.",
        })
      seen.add(keyOf(hop))
      next = wayBefore(hop)
    }
  }

  private holdAt(address: Address): RemoteHost {
    const key = keyOf(address)
    const held = this.held.get(key) ?? this.make(key, address)
    const {passphrase = held.address.passphrase} = address
    held.address = {...address, ...(passphrase !== undefined && {passphrase})}
    held.holders++
    clearTimeout(held.idle)
    held.host.keep()
    return this.lease(key, held)
  }

  private make(key: string, address: Address): Held {
    const held: Held = {
      holders: 0,
      address,
      host: new SshHost({
        name: nameOf(address),
        errors: this.services,
        log: this.services.log,
        ...(this.options.pauses && {pauses: this.options.pauses}),
        connect: (signal) => this.connect(held.address, signal),
      }),
    }
    this.held.set(key, held)
    return held
  }

  private lease(key: string, held: Held): RemoteHost {
    const {host} = held
    let isHeld = true
    return {
      name: host.name,
      reachability: host.reachability,
      connect: (signal) => host.connect(signal),
      open: host.open,
      run: host.run,
      put: host.put,
      dial: (address, signal) => host.dial(address, signal),
      listen: host.listen,
      [Symbol.asyncDispose]: () => {
        if (isHeld) this.release(key, held)
        isHeld = false
        return Promise.resolve()
      },
    }
  }

  private release(key: string, held: Held): void {
    held.holders--
    if (held.holders > 0) return
    held.idle = setTimeout(() => {
      if (this.held.get(key) === held) this.held.delete(key)
      void held.host[Symbol.asyncDispose]()
    }, this.options.idleMs ?? 10_000)
    held.idle.unref()
  }

  /** A connection to it through its jump hosts, for which it must be disposed of; `undefined` when there are none. */
  async way(address: Address, signal: AbortSignal): Promise<(Carrier & AsyncDisposable) | undefined> {
    await this.checkWay(address)
    return await this.wayAt(address, signal)
  }

  private async connect(address: Address, signal: AbortSignal): Promise<Connection> {
    const way = await this.wayAt(address, signal)
    if (!way) return await connectTo(this.services, address, {signal})
    try {
      const connection = await connectTo(this.services, address, {signal, carrier: way})
      connection.onClosed(() => void way[Symbol.asyncDispose]())
      return connection
    } catch (error) {
      await way[Symbol.asyncDispose]()
      throw error
    }
  }

  private async wayAt(address: Address, signal: AbortSignal): Promise<(Carrier & AsyncDisposable) | undefined> {
    const before = wayBefore(address)
    if (!before) return undefined
    const via = this.holdAt(await this.resolve(before))
    try {
      const carrier = await this.through(via, address, signal)
      return Object.assign(carrier, {
        [Symbol.asyncDispose]: async () => {
          carrier.destroy()
          await via[Symbol.asyncDispose]()
        },
      })
    } catch (error) {
      await via[Symbol.asyncDispose]()
      throw error
    }
  }

  private async through(via: RemoteHost, address: Address, signal: AbortSignal): Promise<Carrier> {
    const {host, port} = address
    try {
      await via.connect(signal)
    } catch (error) {
      throw isOurs(error) ? this.onTheWay(error, address) : error
    }
    try {
      return (await via.dial({host, port}, signal)) as unknown as Carrier
    } catch (error) {
      signal.throwIfAborted()
      throw this.services.error('SSH_UNREACHABLE', {
        subject: nameOf(address),
        reason: `its jump host ${via.name} does not reach it: ${isOurs(error) ? (error.reason ?? '') : wordsOf(error)}`,
        hint: `See whether its sshd runs, and whether ${via.name} may connect to it.`,
        cause: error,
      })
    }
  }

  private onTheWay(
    {code, subject, reason, hint}: {code: string; subject: string; reason?: string; hint: string},
    address: Address,
  ): Error {
    return this.services.error(code, {
      subject,
      reason: `${reason ?? ''}; it is the jump host on the way to ${nameOf(address)}`,
      hint,
    })
  }
}

/** Two that name the same machine in the same way share it. */
function keyOf({user, host, port, jumps, identities, ...rest}: Address): string {
  const {agent, hostKeyAlias, identitiesOnly, knownHosts} = rest
  const files = identities.map(({file}) => file)
  return JSON.stringify([user, host, port, jumps, files, agent, identitiesOnly, hostKeyAlias, knownHosts])
}

/** The last host on the way, with those before it. */
function wayBefore({jumps}: Address): HostFields | undefined {
  const last = jumps.at(-1)
  const before = jumps.slice(0, -1)
  return last && {...last, ...(before.length > 0 && {jump: before.map(jumpText)})}
}

function jumpText({user, host, port}: HostFields): string {
  const place = host.includes(':') ? `[${host}]` : host
  return `${user === undefined ? '' : `${user}@`}${place}${port === undefined ? '' : `:${port}`}`
}
