import {urlOfProvider} from '../config.js'
import {reasonOf} from '../../shared/reason-of.js'
import type {Provider} from './settings.js'

/** Without a chain graph-node opens its ports, says that it is healthy, and indexes nothing. Answers the height of the first one. */
export async function checkChains(providers: readonly Provider[]): Promise<number> {
  const heights = await Promise.all(providers.map(heightOf))
  return heights[0] ?? 0
}

async function heightOf({network, url}: Provider): Promise<number> {
  const address = urlOfProvider(url)
  const what = `The chain '${network}' cannot be used at ${address}`
  const ask = async (method: string): Promise<string> => {
    try {
      const body = JSON.stringify({jsonrpc: '2.0', id: 1, method, params: []})
      const headers = {'content-type': 'application/json'}
      const response = await fetch(address, {method: 'POST', headers, body, signal: AbortSignal.timeout(5000)})
      const {result} = (await response.json()) as {readonly result?: unknown}
      if (typeof result === 'string') return result
    } catch (error) {
      throw new Error(`${what}: ${reasonOf(error)}`)
    }
    throw new Error(`${what}: it has no answer to ${method}`)
  }
  await ask('net_version')
  return Number(await ask('eth_blockNumber'))
}
