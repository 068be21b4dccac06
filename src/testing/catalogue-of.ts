import {systemClock} from '../core/base/clock.js'
import type {Catalogue} from '../core/contract/catalogue.js'
import type {RegisterHook} from '../core/contract/plugin.js'
import {hostApi} from '../core/plugin/api-range.js'
import {collectPlugins} from '../core/plugin/host.js'
import {temporaryState} from './temporary-state.js'
import {testServices} from './test-services.js'

/** What a plugin brings, collected and checked as the host does it; rejects with the host's own error where it would refuse the plugin. */
export async function withCatalogue<T>(register: RegisterHook, use: (catalogue: Catalogue) => Promise<T>): Promise<T> {
  await using state = await temporaryState()
  const source = {
    name: 'plugin-under-test',
    version: '0.0.0',
    kind: 'core',
    api: `^${hostApi}`,
    load: () => Promise.resolve({default: register}),
  } as const
  const catalogue = await collectPlugins([source], {
    clock: systemClock,
    servicesFor: (name) => testServices(state.stateDirectory, name),
  })
  return await use(catalogue)
}
