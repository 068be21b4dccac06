import type {Clock} from '../base/clock.js'
import {messageOf} from '../base/errors.js'
import type {Log} from '../base/log.js'
import type {WatchDefinition} from '../contract/stack.js'
import type {ServiceSupervisor} from '../service/supervisor.js'
import {watchFiles, type FileWatch} from './watch-files.js'

export interface WatchesOptions {
  readonly directory: () => string
  readonly clock: Clock
  readonly log: Log
  /** Runs a task for a service whose files have changed. */
  readonly runTask: (task: string, service: ServiceSupervisor) => Promise<unknown>
}

/** A change this soon after what the one before it led to was probably caused by that. */
const echoMs = 2000
/** So many echoes in a row are a loop. */
const mostEchoes = 5

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
  private echoes = 0
  private actedAt = Number.NEGATIVE_INFINITY
  private busy = false

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
  }

  /** Opened for each wish that the service be up; one that was paused begins anew with the next. */
  private follow(): void {
    const {record} = this.service
    if (record.desired === 'down') {
      this.close()
      this.wish = undefined
      return
    }
    const wish = this.service.wishes
    if (this.wish === wish) return
    this.close()
    this.wish = wish
    this.echoes = 0
    this.open = this.definitions.map((definition) =>
      watchFiles(definition, {
        directory: this.options.directory(),
        clock: this.options.clock,
        onChange: (files) => void this.onChange(definition, files),
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

  private async onChange({action}: WatchDefinition, files: readonly string[]): Promise<void> {
    const {clock, log} = this.options
    const {name} = this.service
    // What changes while a restart goes on was there before the program began again.
    if (this.busy || this.service.record.desired === 'down') return
    this.echoes = clock.monotonic() - this.actedAt < echoMs ? this.echoes + 1 : 0
    const shown = files.slice(0, 3).join(', ') + (files.length > 3 ? ` and ${files.length - 3} more` : '')
    if (this.echoes >= mostEchoes) {
      this.close()
      const reason = `${shown} changed again each time; its files are watched no more until it is started or restarted by hand: put it under 'ignore'`
      log.warn('a watch goes round in circles', {service: name, reason})
      await this.service.remark(`watch: ${reason}`)
      return
    }
    this.busy = true
    try {
      if (action.kind === 'restart') await this.service.restart(`${shown} changed`)
      else await this.options.runTask(action.task, this.service)
    } catch (error) {
      log.warn('what was to follow a change of files failed', {service: name, error: messageOf(error)})
    } finally {
      this.busy = false
      this.actedAt = clock.monotonic()
    }
  }
}
