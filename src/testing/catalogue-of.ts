import path from 'node:path'
import {systemClock} from '../core/base/clock.js'
import {silentLog} from '../core/base/log.js'
import type {Catalogue} from '../core/contract/catalogue.js'
import type {RegisterHook} from '../core/contract/plugin.js'
import {hostApi} from '../core/plugin/api-range.js'
import {collectPlugins} from '../core/plugin/host.js'
import {createPluginServices} from '../core/plugin/plugin-services.js'
import {lentServices} from '../core/process/lent.js'
import {temporaryState} from './temporary-state.js'

/** What a plugin brings, collected and checked as the host does it; rejects with the host's own error where it would refuse the plugin. */
export async function withCatalogue<T>(register: RegisterHook, use: (catalogue: Catalogue) => Promise<T>): Promise<T> {
  await using state = await temporaryState()
  const lent = lentServices(systemClock)
  const source = {
    name: 'plugin-under-test',
    version: '0.0.0',
    kind: 'core',
    api: `^${hostApi}`,
    load: () => Promise.resolve({default: register}),
  } as const
  const catalogue = await collectPlugins([source], {
    clock: systemClock,
    servicesFor: (name) =>
      createPluginServices({name, stateDirectory: path.join(state.stateDirectory, 'plugins'), log: silentLog, lent}),
  })
  return await use(catalogue)
}
