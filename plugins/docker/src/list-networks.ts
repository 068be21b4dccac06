import type {ExecutorNetwork} from '@service-harness/cli/plugin'
import type {Engine} from './engine/engine.js'
import type {Shared} from './shared.js'

/** The networks of the engine that containers have addresses in. None of an engine that is not there and that nobody needs. */
export async function listNetworks({engine, monitor}: Shared): Promise<readonly ExecutorNetwork[]> {
  try {
    return await networksOf(engine)
  } catch (error) {
    if (monitor.isWatching) throw error
    return []
  }
}

async function networksOf(engine: Engine): Promise<readonly ExecutorNetwork[]> {
  const found = await engine.ask((docker) => docker.listNetworks())
  return found
    .filter(({Driver}) => Driver !== 'null' && Driver !== 'host')
    .map(({Name, IPAM}) => {
      const {Subnet, Gateway} = (IPAM?.Config?.[0] ?? {}) as {Subnet?: string; Gateway?: string}
      return {
        name: Name,
        ...(Subnet !== undefined && {subnet: Subnet}),
        ...(Gateway !== undefined && {gateway: Gateway}),
      }
    })
}
