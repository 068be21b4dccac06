import type {PluginServices, StartRequest} from '@service-harness/cli/plugin'

/** What is to be carried, as it is written to disk. */
export type SavedTunnel = {
  /** Ports of this machine that lead to ports of the loopback there. */
  readonly routes: readonly {readonly here: number; readonly there: number}[]
  /** Ports of this machine that are ports of the loopback there too. */
  readonly back: readonly {readonly host: string; readonly port: number}[]
}

/** Of a request; `undefined` where nothing is to be carried. */
export function savedTunnel({endpoints, tunnel}: Pick<StartRequest, 'endpoints' | 'tunnel'>): SavedTunnel | undefined {
  if (!tunnel) return undefined
  const routes = new Map(endpoints.map(({port, containerPort = port}) => [port, containerPort]))
  const back = new Map(tunnel.back.map(({host, port}) => [port, host]))
  return {
    routes: [...routes].map(([here, there]) => ({here, there})),
    back: [...back].map(([port, host]) => ({host, port})),
  }
}

/** SSH carries streams. */
export function refuseDatagrams(
  {endpoints, tunnel, service}: StartRequest,
  services: Pick<PluginServices, 'error'>,
): void {
  const udp = tunnel && endpoints.find(({protocol}) => protocol === 'udp')
  if (!udp) return
  throw services.error('SERVICE_START_FAILED', {
    subject: service,
    reason: `its port '${udp.name}' is one of UDP, which no tunnel over SSH carries`,
    hint: "Write `forward: never` at its target, and describe a network that leads there under 'networks'.",
  })
}
