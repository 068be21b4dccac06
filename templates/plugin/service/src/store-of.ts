import type {ServiceContext} from '@service-harness/cli/plugin'
import type {Config} from './config.js'
import {openStore, type Store} from './store.js'

/** The store of the service that an action or a setup is about. */
export function storeOf(service: ServiceContext<Config>): Store {
  const {host, port} = service.endpoint('http')
  return openStore(`http://${host}:${port}`, service.signal)
}
