import type {Clock} from '../base/clock.js'
import {messageOf} from '../base/errors.js'
import type {Log} from '../base/log.js'
import type {WatchDefinition} from '../contract/stack.js'
import type {ServiceSupervisor} from '../service/supervisor.js'
import {WatchLoop} from './watch-loop.js'
import {watchFiles, type FileWatch} from './watch-files.js'

export interface WatchesOptions {
  readonly directory: () => string
  readonly clock: Clock
  readonly log: Log
  /** Runs a task for a service whose files have changed. Starts, stops and restarts nothing that is up or down. */
  readonly runTask: (task: string, service: ServiceSupervisor) => Promise<unknown>
}

/** Watches the files of the services that are to be up, and does what each asks for when they change. */
export class Watches implements Disposable {
  private readonly watched = new Map<ServiceSupervisor, WatchedService>()

  constructor(private readonly options: WatchesOptions) {}

  /** Takes the services of a definition over. */
  define(services: readonly ServiceSupervisor[]): void {
    const present = new Set(services)
    for (const [service, watched] of this.watched) {
      if (present.has(service) && watched.isOf(service.definition.watch)) continue
      watched[Symbol.dispose]()
      this.watched.delete(service)
    }
    for (const service of services) {
      if (this.watched.has(service) || service.definition.watch.length === 0) continue
      this.watched.set(service, new WatchedService(service, this.options))
    }
  }

  [Symbol.dispose](): void {
    for (const watched of this.watched.values()) watched[Symbol.dispose]()
    this.watched.clear()
  }
}

/** One service: its files are watched while it is to be up. */
class WatchedService implements Disposable {
  private readonly definitions: readonly WatchDefinition[]
  private readonly subscription: Disposable
  private open: readonly FileWatch[] = []
  private wish: number | undefined
  private loops = new Map<WatchDefinition, WatchLoop>()
  /** What follows a change and goes on now. */
  private acting: WatchDefinition | undefined
  /** What has changed and is to be followed. */
  private readonly changed = new Map<WatchDefinition, Changed>()

  constructor(
    private readonly service: ServiceSupervisor,
    private readonly options: WatchesOptions,
  ) {
    this.definitions = service.definition.watch
    const follow = (): void => {
      this.follow()
    }
    this.subscription = service.onChange(follow)
    follow()
  }

  isOf(definitions: readonly WatchDefinition[]): boolean {
    return JSON.stringify(definitions) === JSON.stringify(this.definitions)
  }

  [Symbol.dispose](): void {
    this.subscription[Symbol.dispose]()
    this.close()
    this.changed.clear()
  }

  /** Opened for each wish that the service be up; one that was paused begins anew with the next. */
  private follow(): void {
    const {record} = this.service
    if (record.desired === 'down') {
      this.close()
      this.changed.clear()
      this.wish = undefined
      return
    }
    const wish = this.service.wishes
    if (this.wish === wish) return
    this.close()
    this.wish = wish
    this.loops = new Map(this.definitions.map((definition) => [definition, new WatchLoop(this.options.clock)]))
    this.open = this.definitions.map((definition) =>
      watchFiles(definition, {
        directory: this.service.definition.directory ?? this.options.directory(),
        clock: this.options.clock,
        onChange: (files) => {
          this.note(definition, files)
        },
        onError: (error) => {
          this.options.log.warn('files cannot be watched', {service: this.service.name, error})
        },
      }),
    )
  }

  private close(): void {
    for (const watch of this.open) watch[Symbol.dispose]()
    this.open = []
  }

  private note(definition: WatchDefinition, files: readonly string[]): void {
    // What changes while a restart goes on was there before the program began again. A task may have read it before.
    if (this.acting?.action.kind === 'restart' && definition.action.kind === 'restart') return
    const known = this.changed.get(definition)
    const all = new Set([...(known?.files ?? []), ...files])
    this.changed.set(definition, {files: [...all].sort(), meanwhile: this.acting !== undefined})
    if (!this.acting) void this.followChanges()
  }

  /** Never rejects: nobody waits for it. */
  private async followChanges(): Promise<void> {
    const {log} = this.options
    for (const [definition, changed] of this.changed) {
      this.changed.delete(definition)
      if (this.service.record.desired === 'down') continue
      this.acting = definition
      try {
        await this.act(definition, changed)
      } catch (error) {
        log.warn('what was to follow a change of files failed', {service: this.service.name, error: messageOf(error)})
      }
      this.acting = undefined
    }
  }

  private async act(definition: WatchDefinition, {files, meanwhile}: Changed): Promise<void> {
    const {action} = definition
    const shown = files.slice(0, 3).join(', ') + (files.length > 3 ? ` and ${files.length - 3} more` : '')
    const loop = this.loops.get(definition)
    if (loop?.begin(files, meanwhile)) {
      await this.pause(shown)
      return
    }
    try {
      if (action.kind === 'restart') await this.service.restart(`${shown} changed`)
      else await this.options.runTask(action.task, this.service)
    } finally {
      loop?.end()
    }
  }

  private async pause(shown: string): Promise<void> {
    this.close()
    this.changed.clear()
    const reason = `${shown} changed again each time; its files are watched no more until it is started or restarted by hand: put it under 'ignore'`
    this.options.log.warn('a watch goes round in circles', {service: this.service.name, reason})
    await this.service.remark(`watch: ${reason}`)
  }
}

interface Changed {
  readonly files: readonly string[]
  /** While what followed the change before went on. */
  readonly meanwhile: boolean
}
