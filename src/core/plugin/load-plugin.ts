import type {Clock} from '../base/clock.js'
import {withDeadline} from '../base/deadline.js'
import {formatDuration} from '../base/duration.js'
import {messageOf} from '../base/errors.js'
import type {Executor, ExecutorFactory} from '../contract/executor.js'
import type {HarnessPlugin} from '../contract/plugin.js'
import type {PluginServices} from '../contract/services.js'
import {apiFits, hostApi} from './api-range.js'
import type {CollectedPlugin} from './collected-plugin.js'
import {guardExecutor} from './guard-executor.js'
import {guardServiceType, guardTaskType} from './guard-types.js'
import {type PluginFailure, pluginFailure} from './plugin-failure.js'
import {checkExecutor, checkPlugin, checkTypeNames} from './plugin-shape.js'
import type {PluginSource} from './plugin-source.js'
import {type ThreadWatch, type Turn, unwatched} from './thread-watch.js'

export interface LoadOptions {
  readonly clock: Clock
  /** For all of its code together. */
  readonly deadlineMs: number
  /** @default what never gives the thread back is not ended */
  readonly watch?: ThreadWatch
  readonly servicesFor: (pluginName: string) => PluginServices
}

/** Loads one plugin and checks all that it brings. Whatever goes wrong is its own failure and no one else's: never rejects. */
export async function loadPlugin(source: PluginSource, options: LoadOptions): Promise<CollectedPlugin | PluginFailure> {
  const refusal = refuseApi(source)
  if (refusal !== undefined) return refusal
  const {clock, deadlineMs: ms, watch = unwatched} = options
  const progress = {step: 'its module'}
  using turn = watch.turn(ms)
  const onTimeout = (): Error => new Error(`${progress.step} ${tooLong(turn, ms)}`)
  try {
    return await withDeadline(() => bring(source, progress, options), {clock, ms, onTimeout})
  } catch (error) {
    await turn.released()
    return pluginFailure(source, 'PLUGIN_FAILED', {reason: messageOf(error), cause: error})
  }
}

function tooLong({interrupted}: Turn, ms: number): string {
  const limit = formatDuration(ms)
  return interrupted ? `never gave the thread back, and was ended after ${limit}` : `did not settle within ${limit}`
}

/** Says before any of its code runs that a plugin was made for another API. */
function refuseApi(source: PluginSource): PluginFailure | undefined {
  const {api} = source
  const fits = api === undefined ? undefined : apiFits(api)
  if (fits === true) return undefined
  if (fits === false) {
    const hint = `Run \`harness plugins update ${source.name}\` for one that takes host API ${hostApi}, or use another version of harness.`
    return pluginFailure(source, 'PLUGIN_API', {reason: `it takes host API ${api ?? ''}, this is ${hostApi}`, hint})
  }
  const found = api === undefined ? 'no host API' : `the host API '${api}'`
  const reason = `its package.json names ${found}, expected one like "harness": {"api": "^${hostApi}"}`
  return pluginFailure(source, 'PLUGIN_API', {reason})
}

/** All that runs code of the plugin. Where the thread is not given back nothing of this goes on. `step` says how far it came. */
async function bring(source: PluginSource, progress: {step: string}, options: LoadOptions): Promise<CollectedPlugin> {
  const module = await attributed('its module could not be loaded', () => source.load())
  const hook = hookOf(module)
  progress.step = 'its hook'
  const answer = await attributed('its hook failed', () => hook(options.servicesFor(source.name)))
  progress.step = 'what it brings'
  return collect(source, checkPlugin(answer), options)
}

async function attributed<T>(what: string, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new Error(`${what}: ${messageOf(error)}`, {cause: error})
  }
}

/** The default export; of a CommonJS module that was compiled from TypeScript it lies one deeper. */
function hookOf(module: unknown): (services: PluginServices) => unknown {
  const outer = defaultOf(module)
  const hook = typeof outer === 'function' ? outer : defaultOf(outer)
  if (typeof hook !== 'function') throw new Error('its module must have a function as its default export')
  return (services) => (hook as (services: PluginServices) => unknown)(services)
}

function defaultOf(module: unknown): unknown {
  return typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined
}

/** What harness brings itself is used as it is; between a user's plugin and the host stands a guard. */
function collect(source: PluginSource, plugin: HarnessPlugin, {servicesFor, clock}: LoadOptions): CollectedPlugin {
  const {requires = [], layers = [], serviceTypes = [], taskTypes = []} = plugin
  const executors = makeExecutors(source, plugin.executors ?? [], servicesFor)
  const isOurs = source.kind === 'core'
  checkTypeNames({executors, layers, serviceTypes, taskTypes})
  return {
    source,
    name: plugin.name,
    requires: [...requires],
    executors: isOurs ? executors : executors.map((executor) => guardExecutor(executor, source, clock)),
    layers: [...layers],
    serviceTypes: serviceTypes.map((type) => (isOurs ? Object.freeze(type) : guardServiceType(type, source))),
    taskTypes: taskTypes.map((type) => (isOurs ? Object.freeze(type) : guardTaskType(type, source))),
  }
}

function makeExecutors(
  source: PluginSource,
  factories: readonly ExecutorFactory[],
  servicesFor: LoadOptions['servicesFor'],
): readonly Executor[] {
  if (factories.length === 0) return []
  const services = servicesFor(source.name)
  return factories.map((factory, index) => {
    const where = `executors[${index}]`
    try {
      return checkExecutor(factory(services), `${where}()`)
    } catch (error) {
      throw new Error(`its ${where} failed: ${messageOf(error)}`, {cause: error})
    }
  })
}
