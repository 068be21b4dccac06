import path from 'node:path'
import {systemClock} from '../core/base/clock.js'
import {silentLog} from '../core/base/log.js'
import type {PluginServices} from '../core/contract/services.js'
import {createPluginServices} from '../core/plugin/plugin-services.js'
import {lentServices} from '../core/process/lent.js'

/** One for all, as in a daemon: an attempt that is found again takes over its log from whoever had it in this process. */
export const lent = lentServices(systemClock)

/** What the host lends a plugin, for tests that make an executor by themselves. Its own folder is made below `stateDirectory`. */
export function testServices(stateDirectory: string, name = 'plugin-under-test'): PluginServices {
  return createPluginServices({name, stateDirectory: path.join(stateDirectory, 'plugins'), log: silentLog, lent})
}
