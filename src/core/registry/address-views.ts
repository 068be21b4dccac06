import type {AddressView} from '../contract/registry.js'
import type {EndpointStatus} from '../contract/status.js'
import {addressFor, endpointOn, here, type Party} from './address-for.js'
import type {World} from './world.js'

/** How this machine and each of the askers reaches a service; those who get the same answer together. */
export function addressViews(
  to: Party,
  endpoints: readonly EndpointStatus[],
  {askers, world}: {readonly askers: readonly Party[]; readonly world: World},
): readonly AddressView[] {
  const views = new Map<string, AddressView>()
  for (const from of [here, ...askers]) {
    const {services: _none, here: _here, ...answer} = viewOf(from, to, {endpoints, world})
    const key = JSON.stringify(answer)
    const before = views.get(key)
    views.set(key, {
      ...answer,
      here: from === here || (before?.here ?? false),
      services: from === here ? [] : [...(before?.services ?? []), from.name],
    })
  }
  return [...views.values()]
}

function viewOf(
  from: Party,
  to: Party,
  {endpoints, world}: {readonly endpoints: readonly EndpointStatus[]; readonly world: World},
): AddressView {
  const route = addressFor(from, to, world)
  return {
    ...{here: false, services: [], host: route.host, reason: route.reason},
    network: route.host === null ? null : route.network,
    endpoints: endpoints.flatMap((endpoint) => {
      const found = endpointOn(endpoint, route, to)
      return found ? [{...found, url: `${found.protocol}://${found.host}:${found.port}`}] : []
    }),
  }
}
