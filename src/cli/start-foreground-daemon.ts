import type {Interfaces} from '@oclif/core'
import {stateDirectory} from '../core/base/state-directory.js'
import {endLaunch} from '../core/client/start-failure.js'
import type {LoadedStack} from '../core/config/load-stack.js'
import {daemonLogText} from './daemon-log/log-text.js'
import type {ListenAddress} from './parse-listen.js'
import {locatedProblem} from './read-stack.js'
import type {Terminal} from './terminal.js'

export interface DaemonWish {
  readonly config: Interfaces.Config
  readonly tcp: ListenAddress
  readonly stopServicesOnExit: boolean
  /** Its output is the log file already. */
  readonly inBackground: boolean
  readonly endWhenIdle: boolean
  /** Ends with standard input and takes everything with it. */
  readonly temporary: boolean
  /** Checked, and known from the start. */
  readonly stack: LoadedStack | undefined
}

/** Runs a daemon as this process until it ends. */
export async function startForegroundDaemon(terminal: Terminal, wish: DaemonWish): Promise<void> {
  const {config, tcp, stopServicesOnExit, inBackground, endWhenIdle, temporary, stack} = wish
  const [{BaseDaemon}, {runDaemon}, {pluginSources}, {installedPlugins}] = await Promise.all([
    import('../core/daemon/base-daemon.js'),
    import('../core/daemon/run-daemon.js'),
    import('./plugin-sources.js'),
    import('./plugins/installed-plugins.js'),
  ])
  const plugins = pluginSources(config)
  const configure = () =>
    (stack ? BaseDaemon.builder().withConfig(stack.definition) : BaseDaemon.builder())
      .withVersion(config.version)
      .withPlugins(plugins)
      .withPluginWatch(() => installedPlugins(config.dataDir))
      .withListener(tcp)
      .endWhenIdle(endWhenIdle)
      .stopServicesOnExit(stopServicesOnExit)
      .withTraces()
  await runDaemon(configure, {
    stateDirectory: stateDirectory(),
    level: terminal.verbose ? 'debug' : 'info',
    temporary,
    plugins,
    onReady: endLaunch,
    ...(inBackground
      ? {}
      : {
          onLine(line) {
            terminal.out(daemonLogText(line.trimEnd(), terminal.style))
          },
        }),
  }).catch(async (error: unknown) => {
    throw stack ? await locatedProblem(error, stack) : error
  })
  // What a library still waits for, such as a collector that does not answer, must not keep a daemon that has ended.
  process.exit()
}
