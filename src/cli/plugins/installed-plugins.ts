import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {isJsonObject, type Json, type JsonObject} from '../../core/base/json.js'
import type {InstalledPlugin} from '../../core/contract/catalogue.js'
import {buildOf} from './build-of.js'

/** The hook that a plugin of harness names in its package.json. */
export const registerHook = 'harness:register'

/**
 * The user plugins that bring something to harness, as they stand in oclif's data folder at this moment. Read straight from the files: a daemon asks
 * for this with every client, and oclif's own Config would take fifty times as long. Empty with HARNESS_NO_USER_PLUGINS=1.
 */
export async function installedPlugins(
  dataDirectory: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<readonly InstalledPlugin[]> {
  if (env['HARNESS_NO_USER_PLUGINS'] === '1') return []
  const {oclif} = await readPackage(dataDirectory)
  const listed = isJsonObject(oclif) ? oclif['plugins'] : undefined
  const entries = Array.isArray(listed) ? (listed as readonly Json[]) : []
  const found = await Promise.all(entries.map((entry) => installedPlugin(dataDirectory, entry)))
  return found.filter((plugin) => plugin !== undefined)
}

async function installedPlugin(dataDirectory: string, entry: Json): Promise<InstalledPlugin | undefined> {
  const listed = typeof entry === 'string' ? {name: entry} : entry
  if (!isJsonObject(listed) || typeof listed['name'] !== 'string') return undefined
  const {name, type, root} = listed
  const isLink = type === 'link' && typeof root === 'string'
  const {version, oclif} = await readPackage(isLink ? root : path.join(dataDirectory, 'node_modules', name))
  const hooks = isJsonObject(oclif) ? oclif['hooks'] : undefined
  if (typeof version !== 'string' || !isJsonObject(hooks) || !(registerHook in hooks)) return undefined
  if (!isLink) return {name, version, kind: 'user'}
  return {name, version, kind: 'link', build: await buildOf(root, hooks[registerHook])}
}

/** What cannot be read holds nothing: a plugin may be on its way in or out. */
async function readPackage(folder: string): Promise<JsonObject> {
  try {
    const content = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as Json
    return isJsonObject(content) ? content : {}
  } catch {
    return {}
  }
}
