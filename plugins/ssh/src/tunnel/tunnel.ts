import {setTimeout as sleep} from 'node:timers/promises'
import type {PluginServices} from '@service-harness/cli/plugin'
import type {RemoteHost} from '../host/remote-host.js'
import {wordsOf} from '../problem.js'
import type {BackPorts} from './back-ports.js'
import {openForward} from './forward.js'
import type {SavedTunnel} from './saved-tunnel.js'

export interface TunnelOptions {
  readonly host: Pick<RemoteHost, 'dial' | 'name'>
  readonly backs: BackPorts
  readonly services: Pick<PluginServices, 'error' | 'log'>
  /** Named in errors. */
  readonly service: string
}

type BackRoute = SavedTunnel['back'][number]

const loopback = '127.0.0.1'
const pauseMs = 1000

/**
 * Carries the ports of a workload to this machine, and those of this machine that it was given to its own. Rejects, with nothing left open, when a port cannot be
 * had there.
 */
export async function openTunnel({routes, back}: SavedTunnel, options: TunnelOptions): Promise<AsyncDisposable> {
  const ends: AsyncDisposable[] = []
  try {
    for (const route of back) ends.push(await openBack(route, options))
  } catch (error) {
    await closeAll(ends)
    throw error
  }
  return closing([...ends, ...openRoutes(routes, options)])
}

/** The same for one that runs already: what cannot be had there now is tried again, for the old link may still hold it. */
export function openAgain({routes, back}: SavedTunnel, options: TunnelOptions): AsyncDisposable {
  return closing([...back.map((route) => openPatiently(route, options)), ...openRoutes(routes, options)])
}

function openRoutes(
  routes: SavedTunnel['routes'],
  {host, services, service}: TunnelOptions,
): readonly AsyncDisposable[] {
  return routes.map(({here, there}) => {
    const said = new Set<string>()
    const onRefused = (error: Error): void => {
      const reason = wordsOf(error)
      if (said.has(reason)) return
      said.add(reason)
      services.log.warn('a port is not carried to this machine', {service, here, there, host: host.name, reason})
    }
    return openForward(host, {here, there: {host: loopback, port: there}}, {onRefused})
  })
}

async function openBack(route: BackRoute, {host, backs, services, service}: TunnelOptions): Promise<AsyncDisposable> {
  try {
    return await backs.hold(route)
  } catch (error) {
    throw services.error('SERVICE_START_FAILED', {
      subject: service,
      reason: `port ${route.port} of this machine cannot be one of ${host.name}: ${wordsOf(error)}`,
      hint: 'Is it in use there, or does the SSH server forbid it (AllowTcpForwarding)? Another port here goes around it.',
      cause: error,
    })
  }
}

function openPatiently(route: BackRoute, {host, backs, services, service}: TunnelOptions): AsyncDisposable {
  const over = new AbortController()
  const opening = (async () => {
    for (let isFirst = true; !over.signal.aborted; isFirst = false) {
      try {
        return await backs.hold(route)
      } catch (error) {
        const {port} = route
        if (isFirst)
          services.log.warn('a port is not carried yet', {service, port, host: host.name, reason: wordsOf(error)})
        await sleep(pauseMs, undefined, {signal: over.signal}).catch(() => undefined)
      }
    }
    return undefined
  })()
  return {
    async [Symbol.asyncDispose]() {
      over.abort()
      await (await opening)?.[Symbol.asyncDispose]()
    },
  }
}

function closing(ends: readonly AsyncDisposable[]): AsyncDisposable {
  return {[Symbol.asyncDispose]: () => closeAll(ends)}
}

async function closeAll(ends: readonly AsyncDisposable[]): Promise<void> {
  await Promise.allSettled(ends.map((end) => end[Symbol.asyncDispose]()))
}
