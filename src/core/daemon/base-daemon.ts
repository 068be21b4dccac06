import {systemClock, type Clock} from '../base/clock.js'
import {messageOf} from '../base/errors.js'
import {Lifetime} from '../base/lifetime.js'
import {silentLog, type Log} from '../base/log.js'
import {stateDirectory} from '../base/state-directory.js'
import type {InstalledPlugin} from '../contract/catalogue.js'
import type {StackDefinition} from '../contract/stack.js'
import type {PluginSource} from '../plugin/plugin-source.js'
import type {DaemonFacts} from './context.js'
import {assemble, type DaemonOptions, type DaemonParts} from './assemble.js'
import {IdleWatch} from './idle-watch.js'

const idleMs = 5000
/** Long enough for the answer to `daemon.shutdown` to leave. */
const goodbyeMs = 20

interface ShutdownOptions {
  /** @default as `stopServicesOnExit` of the builder says */
  readonly stopServices?: boolean | undefined
}

/**
 * A daemon: owns a state directory, its services and the listeners. Made with `BaseDaemon.builder()`; specialised daemons add their own
 * plugins and stacks there. Ending it leaves the services running unless they are to be stopped.
 */
export class BaseDaemon implements AsyncDisposable {
  static builder(): BaseDaemonBuilder {
    return new BaseDaemonBuilder()
  }

  /** Resolves when the daemon has ended and let go of everything. */
  readonly ended: Promise<void>
  private finish: () => void = () => undefined
  private ending: Promise<void> | undefined

  /** Not for direct use: see `builder`. */
  constructor(
    private readonly parts: DaemonParts,
    private readonly lifetime: Lifetime,
    private readonly options: DaemonOptions,
  ) {
    this.ended = new Promise((resolve) => {
      this.finish = resolve
    })
    parts.onShutdown((how) => {
      options.clock.after(goodbyeMs, () => void this.shutdown(how))
    })
    if (options.endWhenIdle) this.watchIdleness()
  }

  get info(): DaemonFacts {
    return this.parts.info()
  }

  /** Ends the daemon. Services are stopped or not as its options say, unless it is said here. Answers with the same promise however often it is called. */
  shutdown({stopServices = this.options.stopServicesOnExit}: ShutdownOptions = {}): Promise<void> {
    this.ending ??= this.end(stopServices).finally(this.finish)
    return this.ending
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown()
  }

  private async end(stopServices: boolean): Promise<void> {
    this.options.log.info('the daemon ends', {stopServices})
    this.parts.refuseWork()
    if (stopServices) {
      const stops = this.parts.stacks.all().map((stack) => stack.stop({services: [], dependents: 'stop'}))
      for (const stop of await Promise.allSettled(stops)) {
        if (stop.status === 'rejected')
          this.options.log.error('a stack could not be stopped', {error: messageOf(stop.reason)})
      }
    }
    await this.lifetime[Symbol.asyncDispose]()
  }

  private watchIdleness(): void {
    const {stacks, server, events, onConnectionCount} = this.parts
    const idle = new IdleWatch({
      clock: this.options.clock,
      ms: idleMs,
      isIdle: () => server.connections === 0 && !stacks.isActive,
      onIdle: () => void this.shutdown({stopServices: false}),
    })
    const changed = (): void => {
      idle.changed()
    }
    onConnectionCount(changed)
    this.lifetime.use(idle)
    this.lifetime.use(events.subscribe(changed))
  }
}

/** Collects what a daemon is made of. Every call answers the builder, `build` starts the daemon. */
export class BaseDaemonBuilder {
  private options: DaemonOptions = {
    version: '0.0.0',
    stateDirectory: stateDirectory(),
    plugins: [],
    stacks: [],
    tcp: undefined,
    clock: systemClock,
    log: silentLog,
    endWhenIdle: false,
    stopServicesOnExit: false,
    traces: false,
  }

  /** Where it keeps everything. @default see `stateDirectory` */
  withStateDirectory(directory: string): this {
    return this.with({stateDirectory: directory})
  }

  /** What it calls itself towards clients. */
  withVersion(version: string): this {
    return this.with({version})
  }

  /** Adds plugins; they are loaded by `build`. */
  withPlugins(plugins: readonly PluginSource[]): this {
    return this.with({plugins: [...this.options.plugins, ...plugins]})
  }

  /** Tells clients when the plugins that are installed are not those it has loaded any more. `find` is asked with each client. */
  withPluginWatch(find: () => Promise<readonly InstalledPlugin[]>): this {
    return this.with({findPlugins: find})
  }

  /** Adds a stack that is checked against the plugins, and known, from the start. It is not started by this. */
  withConfig(definition: StackDefinition): this {
    return this.with({stacks: [...this.options.stacks, definition]})
  }

  /**
   * Listens at `wss://host:port` besides the unix socket. A busy port is an error when `exact`, else a free one is taken. An address that
   * other machines can reach needs the `names` that they may use for this one.
   */
  withListener(tcp: NonNullable<DaemonOptions['tcp']>): this {
    return this.with({tcp})
  }

  withLog(log: Log): this {
    return this.with({log})
  }

  withClock(clock: Clock): this {
    return this.with({clock})
  }

  /**
   * Exports OpenTelemetry spans of its own life over OTLP, when OTEL_EXPORTER_OTLP_ENDPOINT or another of the standard variables of this process says
   * where to. What stands in the way is logged. @default false
   */
  withTraces(traces = true): this {
    return this.with({traces})
  }

  /** Stops all services when it ends, also when a client ends it and does not say otherwise. @default false */
  stopServicesOnExit(stop = true): this {
    return this.with({stopServicesOnExit: stop})
  }

  /** Ends by itself when there is nothing to do and nobody to talk to. */
  endWhenIdle(end = true): this {
    return this.with({endWhenIdle: end})
  }

  /**
   * Takes the state directory, brings back what an earlier daemon left, and listens. STATE_LOCKED when another daemon owns the directory,
   * PLUGIN_FAILED for a core plugin, CONFIG_INVALID for a stack of `withConfig`.
   */
  async build(): Promise<BaseDaemon> {
    const lifetime = new Lifetime()
    try {
      const parts = await assemble(this.options, lifetime)
      return new BaseDaemon(parts, lifetime, this.options)
    } catch (error) {
      await lifetime[Symbol.asyncDispose]()
      throw error
    }
  }

  private with(options: Partial<DaemonOptions>): this {
    this.options = {...this.options, ...options}
    return this
  }
}
