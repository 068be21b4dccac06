import {connect} from 'node:net'
import type {Endpoint, PluginServices, Tunnel} from '@service-harness/cli/plugin'
import type {RemoteHost, RemoteListener} from '../host/remote-host.js'
import {openForward} from './forward.js'
import {join, type Stream} from './join.js'

export interface TunnelOptions {
  readonly host: Pick<RemoteHost, 'dial' | 'listen' | 'name'>
  readonly services: Pick<PluginServices, 'error' | 'log'>
  /** Named in errors. */
  readonly service: string
  readonly endpoints: readonly Endpoint[]
  readonly tunnel: Tunnel
}

const loopback = '127.0.0.1'

/**
 * Carries the ports of a workload to this machine, and those of this machine that it was given to its own. Rejects, with nothing left open, when a port cannot be
 * had there, or is one of UDP.
 */
export async function openTunnel(options: TunnelOptions): Promise<AsyncDisposable> {
  const {host, services, service, endpoints, tunnel} = options
  const udp = endpoints.find(({protocol}) => protocol === 'udp')
  if (udp) {
    throw services.error('SERVICE_START_FAILED', {
      subject: service,
      reason: `its port '${udp.name}' is one of UDP, which no tunnel over SSH carries`,
      hint: "Write `forward: never` at its target, and describe a network that leads there under 'networks'.",
    })
  }
  const ends: AsyncDisposable[] = []
  try {
    for (const port of distinct(tunnel.back.map((each) => each.port))) {
      ends.push(await openBack(options, port, tunnel))
    }
  } catch (error) {
    await closeAll(ends)
    throw error
  }
  const routes = new Map(endpoints.map(({port, containerPort = port}) => [port, containerPort]))
  for (const [here, port] of routes) {
    const route = {here, there: {host: loopback, port}}
    const onRefused = ({message}: Error): void => {
      services.log.warn('a port of this machine cannot be opened for a tunnel', {service, port: here, error: message})
    }
    ends.push(openForward(host, route, {onRefused}))
  }
  return {[Symbol.asyncDispose]: () => closeAll(ends)}
}

async function openBack(
  {host, services, service}: TunnelOptions,
  port: number,
  {back}: Tunnel,
): Promise<RemoteListener> {
  const target = back.find((each) => each.port === port)?.host ?? loopback
  const accept = (connection: Stream): void => {
    const socket = connect({host: target, port, allowHalfOpen: true})
    socket.on('error', () => socket.destroy())
    join(socket, connection)
  }
  try {
    return await host.listen({host: loopback, port}, accept)
  } catch (error) {
    throw services.error('SERVICE_START_FAILED', {
      subject: service,
      reason: `port ${port} of this machine cannot be brought to ${host.name}: ${error instanceof Error ? error.message : String(error)}`,
      hint: 'Is it in use there, or does the SSH server forbid forwards (AllowTcpForwarding)? Another port here, or `forward: never`, goes around it.',
      cause: error,
    })
  }
}

function distinct(ports: readonly number[]): readonly number[] {
  return [...new Set(ports)]
}

async function closeAll(ends: readonly AsyncDisposable[]): Promise<void> {
  await Promise.all(ends.map((end) => end[Symbol.asyncDispose]()))
}
