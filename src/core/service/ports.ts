import {HarnessError} from '../base/errors.js'
import type {PortDefinition} from '../contract/stack.js'
import type {Endpoint} from '../contract/workload.js'
import type {Transport} from '../process/port-holder.js'
import {holdOnBoth, holdPort, type HeldPort} from './hold-port.js'
import {portBusy} from './port-busy.js'

export interface ReservedPorts extends AsyncDisposable {
  readonly endpoints: readonly Endpoint[]
  /** Ports that were allocated, by name, to be kept over restarts. */
  readonly allocated: Readonly<Record<string, number>>
}

export interface KnownPorts {
  /** What was allocated to this service earlier, by name: taken again when it is free. */
  readonly kept: Readonly<Record<string, number>>
  /** What was allocated to other services, which may be down for a moment: never handed out. */
  readonly taken?: ReadonlySet<number>
}

/**
 * Makes sure that a service's ports are free, allocates those that are 0, and holds them all until disposed of (just before the start),
 * so that no other service gets the same one. A fixed port that is busy: PORT_BUSY, which says by whom.
 */
export async function reservePorts(ports: readonly PortDefinition[], known: KnownPorts): Promise<ReservedPorts> {
  const held: HeldPort[] = []
  const fixed = new Set<string>()
  const release = async (): Promise<void> => {
    await Promise.all(held.splice(0).map((each) => each[Symbol.asyncDispose]()))
  }
  const endpoints: Endpoint[] = []
  const allocated: Record<string, number> = {}
  try {
    for (const {name, protocol, port, container} of ports) {
      const transport = protocol === 'udp' ? 'udp' : 'tcp'
      // One port may have several names (`http` and `ws`).
      const isNew = port === 0 || !fixed.has(`${transport} ${port}`)
      const hold = isNew ? await (port === 0 ? allocate(name, transport, known) : take(port, transport)) : undefined
      if (hold) held.push(hold)
      const number = hold?.port ?? port
      if (port === 0) allocated[name] = number
      else fixed.add(`${transport} ${port}`)
      const inside = container === undefined ? {} : {containerPort: container}
      endpoints.push({name, protocol, host: '127.0.0.1', port: number, ...inside})
    }
  } catch (error) {
    await release()
    throw error
  }
  return {endpoints, allocated, [Symbol.asyncDispose]: release}
}

export function endpointUrl(endpoint: Endpoint): string {
  return `${endpoint.protocol}://${endpoint.host}:${endpoint.port}`
}

async function take(port: number, transport: Transport): Promise<HeldPort> {
  try {
    return await holdPort(port, transport)
  } catch (error) {
    throw await portBusy(port, transport, error)
  }
}

async function allocate(name: string, transport: Transport, {kept, taken}: KnownPorts): Promise<HeldPort> {
  const preferred = Object.hasOwn(kept, name) ? kept[name] : undefined
  const again = preferred === undefined ? undefined : await holdOnBoth(preferred, transport).catch(() => undefined)
  if (again) return again
  // What is not to be had is held meanwhile, or the kernel could answer it for ever.
  const refused: HeldPort[] = []
  try {
    while (refused.length < mostRefused) {
      const found = await anyPort(transport)
      if (taken?.has(found.port) !== true) return found
      refused.push(found)
    }
  } finally {
    await Promise.all(refused.map((each) => each[Symbol.asyncDispose]()))
  }
  throw new HarnessError('PORT_BUSY', {subject: '0', reason: 'other services keep all that are free'})
}

async function anyPort(transport: Transport): Promise<HeldPort> {
  try {
    return await holdOnBoth(0, transport)
  } catch (error) {
    throw await portBusy(0, transport, error)
  }
}

const mostRefused = 200
