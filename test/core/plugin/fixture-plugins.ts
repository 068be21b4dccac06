import {readFile} from 'node:fs/promises'

import {silentLog} from '../../../src/core/base/log.js'
import type {Json} from '../../../src/core/base/json.js'
import type {HarnessPlugin} from '../../../src/core/contract/plugin.js'
import type {PluginServices} from '../../../src/core/contract/services.js'
import type {TaskType} from '../../../src/core/contract/task-type.js'
import {systemClock} from '../../../src/core/base/clock.js'
import {lentServices} from '../../../src/core/process/lent.js'
import {createPluginServices} from '../../../src/core/plugin/plugin-services.js'
import type {PluginSource} from '../../../src/core/plugin/plugin-source.js'

const folder = new URL('../../fixtures/plugins/', import.meta.url)

/** A package under test/fixtures/plugins as a source. */
export async function fixture(name: string, changes: Partial<PluginSource> = {}): Promise<PluginSource> {
  const text = await readFile(new URL(`${name}/package.json`, folder), 'utf8')
  const {harness, ...about} = JSON.parse(text) as {name: string; version: string; harness: {api: string}}
  return {
    name: about.name,
    version: about.version,
    kind: 'user',
    api: harness.api,
    load: () => import(new URL(`${name}/register.js`, folder).href),
    ...changes,
  }
}

/** A plugin that exists only here; its hook answers `answer`. */
export function source(name: string, answer: unknown, changes: Partial<PluginSource> = {}): PluginSource {
  const load = (): Promise<unknown> => Promise.resolve({default: () => answer})
  return {name, version: '1.0.0', kind: 'user', api: '^1.0', load, ...changes}
}

export function core(answer: Partial<HarnessPlugin> = {taskTypes: [taskType('command')]}): PluginSource {
  return source('@service-harness/cli', {name: 'core', ...answer}, {kind: 'core'})
}

export function taskType(type: string): TaskType<unknown, Json> {
  return {type, summary: 'A task.', input: {}, output: {}, run: () => Promise.resolve(null)}
}

/** Services for plugins that are not called. */
export function servicesFor(name: string): PluginServices {
  const unused = (): never => {
    throw new Error('a plugin used a service while it was collected')
  }
  return createPluginServices({
    name,
    stateDirectory: '/nonexistent',
    log: silentLog,
    lent: {...lentServices(systemClock), run: unused, follow: unused, openSpool: unused, workloadEvents: unused},
  })
}
