import type {ContainerInspectInfo} from 'dockerode'
import type {NetworkSeat} from '@service-harness/cli/plugin'

/** The network of the engine in which containers have addresses and no names. */
const nameless = 'bridge'

/** How a container takes part in networks that others have put it in. `machine`: that of the engine, where it is another one. */
export function attachedSeat(info: ContainerInspectInfo, machine: string | undefined): NetworkSeat {
  const host = machine === undefined ? {} : {host: machine}
  if (info.HostConfig.NetworkMode === 'host') return host
  const known = Object.entries(info.NetworkSettings.Networks).filter(([, {IPAddress}]) => IPAddress !== '')
  const own = info.Name.replace(/^\//, '')
  const gateway = known.map(([, {Gateway}]) => Gateway).find((address) => address !== '')
  return {
    ...host,
    isolated: true,
    networks: Object.fromEntries(known.map(([name, {IPAddress}]) => [name, name === nameless ? IPAddress : own])),
    ...(gateway !== undefined && {gateway}),
  }
}
