import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {pluginKinds, type PluginTemplate} from './plugin-kinds.js'

export interface PluginWish {
  /** The folder of the host: its templates are taken, and its types and test suites will be. */
  readonly root: string
  readonly name: string
  readonly kind: PluginTemplate
}

export interface PluginFile {
  /** Relative to the folder of the plugin. */
  readonly path: string
  readonly text: string
}

/** Stands for the name of the plugin, in texts and in paths. */
const placeholder = 'my-plugin'
/** Stands for the folder of the host, in package.json. */
const hostPlaceholder = 'path-of-host'
/** Before the name of a file or folder that begins with a dot: npm leaves some of those out of packages. */
const dot = 'dot-'

/** The files of a plugin, made from `templates/plugin`, sorted by their paths. */
export async function pluginFiles({root, name, kind}: PluginWish): Promise<readonly PluginFile[]> {
  const templates = path.join(root, 'templates', 'plugin')
  const files = new Map<string, string>()
  for (const folder of pluginKinds[kind].folders) {
    for (const source of await filesIn(path.join(templates, folder))) {
      const text = await readFile(path.join(templates, folder, source), 'utf8')
      files.set(targetOf(source, name), filled(text, {root, name}))
    }
  }
  return [...files].map(([target, text]) => ({path: target, text})).sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
}

function targetOf(source: string, name: string): string {
  const steps = source.split(path.sep).map((step) => (step.startsWith(dot) ? `.${step.slice(dot.length)}` : step))
  return steps.join(path.sep).replaceAll(placeholder, () => name)
}

function filled(text: string, {root, name}: Pick<PluginWish, 'name' | 'root'>): string {
  const quoted = JSON.stringify(root).slice(1, -1)
  return text.replaceAll(placeholder, () => name).replaceAll(hostPlaceholder, () => quoted)
}
