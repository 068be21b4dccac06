import path from 'node:path'
import {pathToFileURL} from 'node:url'
import type {Interfaces} from '@oclif/core'
import type {PluginKind} from '../core/contract/catalogue.js'
import type {PluginSource} from '../core/plugin/plugin-source.js'
import {registerHook} from './plugins/installed-plugins.js'

interface HookModule {
  readonly target: string
  /** The export to take. */
  readonly identifier: string
}

type OclifPlugin = Pick<Interfaces.Plugin, 'name' | 'pjson' | 'root' | 'type' | 'version'>

/**
 * The plugins that oclif knows and that bring something to harness. Runs none of their code: the host imports them itself, because
 * oclif swallows what a hook throws. HARNESS_NO_USER_PLUGINS=1 leaves out all but harness's own.
 */
export function pluginSources(
  config: {readonly plugins: ReadonlyMap<string, OclifPlugin>},
  env: Readonly<Record<string, string | undefined>> = process.env,
): readonly PluginSource[] {
  const coreOnly = env['HARNESS_NO_USER_PLUGINS'] === '1'
  return [...config.plugins.values()].flatMap(sourcesOf).filter(({kind}) => kind === 'core' || !coreOnly)
}

/** One source for each module that the hook names: as a rule one, but oclif allows a list. */
function sourcesOf(plugin: OclifPlugin): readonly PluginSource[] {
  return hookTargets(plugin).map(({target, identifier}) => ({
    name: plugin.name,
    version: plugin.version,
    kind: kindOf(plugin.type),
    api: apiOf(plugin.pjson),
    root: plugin.root,
    load: async () => {
      const module = (await import(hookUrl(plugin.root, target))) as Readonly<Record<string, unknown>>
      return identifier === 'default' ? module : {default: module[identifier]}
    },
  }))
}

function hookTargets({pjson}: OclifPlugin): readonly HookModule[] {
  const named = pjson.oclif.hooks?.[registerHook] ?? []
  return [named].flat().map((hook) => (typeof hook === 'string' ? {target: hook, identifier: 'default'} : hook))
}

/** Node imports a module only by its whole name; oclif lets a hook leave the extension out. */
function hookUrl(root: string, target: string): string {
  return pathToFileURL(path.resolve(root, path.extname(target) === '' ? `${target}.js` : target)).href
}

/** What oclif calls `dev` comes with a checkout of harness. */
function kindOf(type: string): PluginKind {
  return type === 'user' || type === 'link' ? type : 'core'
}

function apiOf(pjson: Readonly<Record<string, unknown>>): string | undefined {
  const {harness} = pjson
  if (typeof harness !== 'object' || harness === null || !('api' in harness)) return undefined
  return typeof harness.api === 'string' ? harness.api : String(harness.api)
}
