import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {builtIns} from '../built-ins.js'
import {connect} from '../core/client/api/connect.js'
import type {HarnessClient} from '../core/client/api/create.js'
import {startProblem} from '../core/client/api/start-problem.js'
import {createRunningStack, type RunningStack} from '../core/client/api/running-stack.js'
import {HarnessError, isHarnessError} from '../core/base/errors.js'
import {diagnosticsIn, formatDiagnostics} from '../core/config/format-diagnostics.js'
import {loadStack} from '../core/config/load-stack.js'
import type {Executor} from '../core/contract/executor.js'
import type {HarnessPlugin, RegisterHook} from '../core/contract/plugin.js'
import {BaseDaemon} from '../core/daemon/base-daemon.js'
import type {PluginSource} from '../core/plugin/plugin-source.js'
import {hostApi} from '../core/plugin/api-range.js'
import {temporaryState} from './temporary-state.js'

/** What a test host is opened with. */
export interface TestHostOptions {
  /** The plugin under test: the default export of its module. */
  readonly register: RegisterHook
  /** Others that it needs. @default none */
  readonly others?: readonly RegisterHook[]
  /** Further executors, such as a `scriptedExecutor` of another kind than the built-in ones. @default none */
  readonly executors?: readonly Executor[]
}

/** A real daemon inside the test, with the plugin under test, real processes, and nothing left behind. */
export interface TestHost extends AsyncDisposable {
  /** Connected, with every method of the daemon: `client.action.invoke(…)`. */
  readonly client: HarnessClient
  /** The folder of its stack files: relative paths in a stack start here. */
  readonly folder: string
  /** Where the daemon keeps everything. */
  readonly stateDirectory: string
  /**
   * Starts a stack, written as in a stack file, and answers when all of it is ready. CONFIG_INVALID for the stack, STACK_FAILED with what
   * failed and what it printed last.
   */
  start(stack: object): Promise<RunningStack>
  /** Another daemon takes over, as after a crash or an upgrade: what runs goes on. The client goes on with it. */
  restart(): Promise<void>
}

/** Opens a host for tests of a plugin. Disposing of it stops all that was started there. */
export async function openTestHost(options: TestHostOptions): Promise<TestHost> {
  const state = await temporaryState()
  const {stateDirectory, folder} = state
  const sources = sourcesOf(options)
  const open = (): Promise<BaseDaemon> =>
    BaseDaemon.builder()
      .withStateDirectory(stateDirectory)
      .withPlugins([builtIns, ...sources])
      .build()
  let daemon = await open().catch(async (error: unknown) => {
    await state[Symbol.asyncDispose]()
    throw error
  })
  const client = await connect({stateDirectory, client: {name: 'plugin test', version: '0'}})
  return {
    client,
    folder,
    stateDirectory,
    async start(stack) {
      const file = path.join(folder, 'harness.yaml')
      await writeFile(file, JSON.stringify({name: 'test', ...stack}))
      const {definition} = await loadStack({files: [file], cwd: folder, env: {}}).catch(withDiagnostics)
      const loaded = await client.stack.load({definition}).catch(withDiagnostics)
      const outcome = await client.service.start({stack: loaded.stack, services: []})
      const problem = startProblem(definition.name, outcome)
      if (problem) throw problem
      const end = async (): Promise<void> => {
        await client.service.stop({stack: loaded.stack, services: [], dependents: 'stop'})
      }
      return createRunningStack({client, status: await client.service.status({stack: loaded.stack}), end})
    },
    async restart() {
      await daemon.shutdown({stopServices: false})
      daemon = await open()
    },
    async [Symbol.asyncDispose]() {
      await client.close()
      await daemon.shutdown({stopServices: true})
      await state[Symbol.asyncDispose]()
    },
  }
}

/** What is wrong with a stack stands in the details; a test shows only messages. */
function withDiagnostics(error: unknown): never {
  if (!isHarnessError(error) || error.code !== 'CONFIG_INVALID') throw error
  throw new HarnessError(error.code, {
    subject: error.subject,
    reason: `\n${formatDiagnostics(diagnosticsIn(error.details))}`,
    cause: error,
    ...(error.details === undefined ? {} : {details: error.details}),
  })
}

/** As core plugins: one that cannot be used is an error of the test, and not left out. */
function sourcesOf({register, others = [], executors = []}: TestHostOptions): readonly PluginSource[] {
  const given: HarnessPlugin = {name: 'test-executors', executors: executors.map((executor) => () => executor)}
  const hooks = [register, ...others, ...(executors.length === 0 ? [] : [() => Promise.resolve(given)])]
  return hooks.map((hook, index) => ({
    name: index === 0 ? 'plugin-under-test' : `other-plugin-${index}`,
    version: '0.0.0',
    kind: 'core',
    api: `^${hostApi}`,
    load: () => Promise.resolve({default: hook}),
  }))
}
