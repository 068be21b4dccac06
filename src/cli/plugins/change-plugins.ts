import {realpath} from 'node:fs/promises'
import type {Interfaces} from '@oclif/core'
import {Config} from '@oclif/core/config'
import {HarnessError} from '../../core/base/errors.js'
import type {Catalogue, PluginProblem} from '../../core/contract/catalogue.js'
import {silentLog} from '../../core/base/log.js'
import {pluginChanges} from '../../core/plugin/plugin-changes.js'
import {silentExit} from '../describe-error.js'
import {pluginProblemLines} from '../plugin-problem-lines.js'
import type {Terminal} from '../terminal.js'
import {stageFolder} from './data-folder.js'
import {installedPlugins} from './installed-plugins.js'
import {broughtLines} from './brought-lines.js'
import {changedNothing} from './changed-nothing.js'

export interface PluginChangeWish {
  readonly config: Interfaces.Config
  /** Of the arguments, for messages: `plugins install graph`. */
  readonly command: string
  /** oclif's own command. */
  readonly run: () => Promise<unknown>
}

/**
 * Runs a command that changes the user plugins on a copy of their folder, and puts the copy in its place once the command has done well and the plugins
 * that are new can be loaded: whatever goes wrong, those of before are as they were. Tells of a daemon that has others now.
 */
export async function changePlugins(terminal: Terminal, {config, command, run}: PluginChangeWish): Promise<void> {
  // A link to it stays one.
  const folder = await realpath(config.dataDir).catch(() => config.dataDir)
  await using staged = await stageFolder(folder, (pid) => {
    terminal.note(`Waiting for another command that changes plugins${pid === undefined ? '' : ` (pid ${pid})`} …`)
  })
  const before = await installedPlugins(folder, {})
  await within(config, staged.directory, run).catch((error: unknown) => {
    if (silentExit(error) !== 0) throw changedNothing(command, error)
  })
  const after = await installedPlugins(staged.directory, {})
  const fresh = new Set(pluginChanges(before, after).map(({name}) => name))
  const catalogue = await within(config, staged.directory, () => loadStaged(config))
  refuseBroken(catalogue.problems.filter(({name}) => fresh.has(name)))
  await staged.commit()
  for (const line of broughtLines(catalogue, fresh, terminal.style)) terminal.note(line)
  for (const problem of catalogue.problems)
    for (const line of pluginProblemLines(problem, terminal.errorStyle)) terminal.warn(line)
  await tellOfDaemon(terminal, config)
}

/** oclif makes its configuration anew for each command that is run, and reads there which folder the plugins are in. */
async function within<T>(config: Interfaces.Config, directory: string, work: () => Promise<T>): Promise<T> {
  const variable = config.scopedEnvVarKey('DATA_DIR')
  const former = process.env[variable]
  process.env[variable] = directory
  try {
    return await work()
  } finally {
    if (former === undefined) Reflect.deleteProperty(process.env, variable)
    else process.env[variable] = former
  }
}

async function loadStaged(config: Interfaces.Config): Promise<Catalogue> {
  const {loadCatalogue} = await import('../load-catalogue.js')
  const staged = await Config.load({root: config.root, devPlugins: false, userPlugins: true})
  return await loadCatalogue(staged, silentLog, {})
}

/** A plugin that is installed and cannot be used is a surprise for later. */
function refuseBroken([problem]: readonly PluginProblem[]): void {
  if (problem === undefined) return
  const {name, message, kind} = problem
  const hint =
    kind === 'link'
      ? 'Nothing was changed. Has it been built? What its package.json names is loaded.'
      : 'Nothing was changed. Install another version, `harness plugins install NAME@VERSION`, or tell its author.'
  throw new HarnessError('PLUGIN_REFUSED', {subject: name, reason: firstWords(message), hint})
}

/** The error of the loader, which begins with the plugin's name once more. */
function firstWords(message: string): string {
  return message.replace(/^Plugin '[^']*' could not be loaded: /, '').replace(/\.$/, '')
}

/** One that cannot be asked is none of this command's business. */
async function tellOfDaemon(terminal: Terminal, {root, version}: Interfaces.Config): Promise<void> {
  const {withRunningDaemon} = await import('../with-daemon.js')
  await withRunningDaemon({terminal, root, version}, () => Promise.resolve()).catch(() => undefined)
}
