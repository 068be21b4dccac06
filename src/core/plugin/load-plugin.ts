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

export interface LoadOptions {
  readonly clock: Clock
  /** For import and hook together. */
  readonly deadlineMs: number
  readonly servicesFor: (pluginName: string) => PluginServices
}

/** Loads one plugin and checks all that it brings. Whatever goes wrong is its own failure and no one else's: never rejects. */
export async function loadPlugin(source: PluginSource, options: LoadOptions): Promise<CollectedPlugin | PluginFailure> {
  const refusal = refuseApi(source)
  if (refusal !== undefined) return refusal
  const progress = {step: 'its module'}
  try {
    const plugin = await withDeadline(() => runHook(source, progress, options.servicesFor(source.name)), {
      clock: options.clock,
      ms: options.deadlineMs,
      onTimeout: () => new Error(`did not settle within ${formatDuration(options.deadlineMs)}`),
    })
    progress.step = ''
    return collect(source, plugin, options)
  } catch (error) {
    const reason = `${progress.step} ${messageOf(error)}`.trimStart()
    return pluginFailure(source, 'PLUGIN_FAILED', {reason, cause: error})
  }
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

/** `step` says how far it came, for a failure that arrives meanwhile. */
async function runHook(
  source: PluginSource,
  progress: {step: string},
  services: PluginServices,
): Promise<HarnessPlugin> {
  const hook = hookOf(await attributed('could not be loaded', () => source.load()))
  progress.step = 'its hook'
  const answer = await attributed('failed', () => hook(services))
  progress.step = ''
  return checkPlugin(answer)
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
  if (typeof hook !== 'function') throw new Error('must have a function as its default export')
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
