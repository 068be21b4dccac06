import type {Endpoint, ServiceContext} from '@service-harness/cli/plugin'

/** A port of a service type: its name among the type's ports, and the number that such programs listen on. */
export interface KnownPort {
  readonly name: string
  readonly number: number
}

/**
 * Where a port of the service is reached: by the name that the type gives it, or, since a stack file may give it another one, by its number. Throws
 * when there is neither.
 */
export function addressOf(context: Pick<ServiceContext<unknown>, 'endpoint'>, {name, number}: KnownPort): Endpoint {
  for (const each of [name, String(number), 'default']) {
    const found = endpointNamed(context, each)
    if (found !== undefined && (each === name || number === (found.containerPort ?? found.port))) return found
  }
  return context.endpoint(name)
}

function endpointNamed(context: Pick<ServiceContext<unknown>, 'endpoint'>, name: string): Endpoint | undefined {
  try {
    return context.endpoint(name)
  } catch {
    return undefined
  }
}

/** `http://127.0.0.1:8545` */
export function urlOf({host, port}: Pick<Endpoint, 'host' | 'port'>): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
