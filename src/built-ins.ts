import type {PluginSource} from './core/plugin/plugin-source.js'

/** What harness itself brings (processes, command tasks), for `BaseDaemon.builder().withPlugins([builtIns])`. */
export const builtIns: PluginSource = {
  name: '@service-harness/cli',
  version: 'built in',
  kind: 'core',
  api: '^1.0',
  load: () => import('./hooks/register.js'),
}
