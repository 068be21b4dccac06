import {createServer, type Server} from 'node:net'
import {HarnessError, systemCode} from '../base/errors.js'
import type {PortDefinition} from '../contract/stack.js'
import type {Endpoint} from '../contract/workload.js'

export interface ReservedPorts extends AsyncDisposable {
  readonly endpoints: readonly Endpoint[]
  /** Ports that were allocated, by name, to be kept over restarts. */
  readonly allocated: Readonly<Record<string, number>>
}

/**
 * Makes sure that a service's ports are free, allocates those that are 0, and holds them all until disposed of (just before the start), so that no
 * other service gets the same one. A port allocated earlier is taken again when it is free. A fixed port that is busy: PORT_BUSY.
 */
export async function reservePorts(
  ports: readonly PortDefinition[],
  kept: Readonly<Record<string, number>>,
): Promise<ReservedPorts> {
  const held: Server[] = []
  const release = async (): Promise<void> => {
    await Promise.all(held.splice(0).map(close))
  }
  const endpoints: Endpoint[] = []
  const allocated: Record<string, number> = {}
  try {
    for (const port of ports) {
      const server = port.port === 0 ? await holdAny(kept[port.name]) : await hold(port.port)
      held.push(server)
      const number = portOf(server)
      if (port.port === 0) allocated[port.name] = number
      endpoints.push({
        name: port.name,
        protocol: port.protocol,
        host: '127.0.0.1',
        port: number,
        ...(port.container === undefined ? {} : {containerPort: port.container}),
      })
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

async function holdAny(preferred: number | undefined): Promise<Server> {
  if (preferred !== undefined) {
    const again = await hold(preferred).catch(() => undefined)
    if (again) return again
  }
  return hold(0)
}

function hold(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => {
      reject(
        systemCode(error) === 'EADDRINUSE'
          ? new HarnessError('PORT_BUSY', {
              subject: String(port),
              reason: 'another process listens on it',
              cause: error,
            })
          : new HarnessError('PORT_BUSY', {subject: String(port), reason: error.message, cause: error}),
      )
    })
    server.listen({port, host: '0.0.0.0', exclusive: true}, () => {
      resolve(server)
    })
  })
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
  })
}
