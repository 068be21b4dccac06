import type {Topology} from '../../core/contract/registry.js'
import {withDaemon, type Host} from '../with-daemon.js'
import {topologyLines} from './topology-lines.js'

/** `harness registry topology`: answers the exit code. */
export async function showTopology(host: Host): Promise<number> {
  const {terminal} = host
  const topology: Topology = await withDaemon(host, (client) => client.call('registry.topology', {}))
  if (terminal.json) terminal.data(topology)
  const lines = topologyLines(topology, {style: terminal.style, isElsewhere: host.remote !== undefined})
  for (const line of lines) terminal.out(line)
  return 0
}
