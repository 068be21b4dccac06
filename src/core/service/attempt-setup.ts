import {steadyNow, type Clock} from '../base/clock.js'
import {isHarnessError, messageOf} from '../base/errors.js'
import type {ServiceState} from '../contract/service-state.js'
import type {ServiceContext} from '../contract/service-type.js'
import {writeAgainMs} from '../store/write-failed.js'
import type {RecordKeeper} from './record-keeper.js'
import {runSetup, watchSetup, type AnySetup} from './setup-run.js'

export interface AttemptSetupOptions {
  readonly setup: AnySetup
  /** Throws where a reference has no value. */
  readonly context: (signal: AbortSignal) => ServiceContext<unknown>
  readonly keeper: RecordKeeper
  readonly clock: Clock
  /** Does a job in the service's queue while its workload is still this one. Answers whether it was. */
  readonly inTurn: (job: () => Promise<void>) => Promise<boolean>
  readonly onFailed: (reason: string) => void
  /** In the queue: it is Running, with its setup proven. */
  readonly onReleased: () => Promise<void>
  /** In the queue: it has to be set up again. */
  readonly onLost: () => void
}

/** Where there is something to do, or to watch. */
const begun: ReadonlySet<ServiceState> = new Set(['Running', 'SettingUp', 'SetupComplete', 'SetupRequired', 'Starting'])

/** The one-time work on one attempt of a service, from ready to Running, and whether it still holds afterwards. */
export class AttemptSetup implements Disposable {
  private readonly life = new AbortController()
  private underWay = false
  private retry: Disposable | undefined

  constructor(private readonly options: AttemptSetupOptions) {}

  /** Goes on from where the service is: does what is to be done, or watches that it holds. Called in the queue; what follows is not waited for. */
  goOn(state: ServiceState): void {
    if (this.underWay || this.life.signal.aborted || !begun.has(state)) return
    this.underWay = true
    const work = state === 'Running' ? this.watch() : this.run()
    work
      .then(() => this.next())
      .catch((error: unknown) => {
        this.failed(error)
      })
  }

  [Symbol.dispose](): void {
    this.life.abort()
    this.retry?.[Symbol.dispose]()
  }

  private async next(): Promise<void> {
    this.underWay = false
    await this.options.inTurn(() => {
      this.goOn(this.state)
      return Promise.resolve()
    })
  }

  /** What the disk refused to remember is tried again; anything else is the end of the setup. */
  private failed(error: unknown): void {
    if (this.life.signal.aborted) return
    if (isHarnessError(error) && error.code === 'STATE_WRITE_FAILED') {
      this.retry = this.options.clock.after(writeAgainMs, () => {
        this.next().catch((again: unknown) => {
          this.failed(again)
        })
      })
      return
    }
    this.life.abort()
    this.options.onFailed(isHarnessError(error) ? (error.reason ?? error.message) : messageOf(error))
  }

  private get state(): ServiceState {
    return this.options.keeper.record.state
  }

  private async run(): Promise<void> {
    const {setup, context, inTurn} = this.options
    await runSetup({
      setup,
      context: context(this.life.signal),
      onNeeded: () => inTurn(() => this.begin()),
      onDone: async () => {
        await inTurn(() => this.finish())
      },
    })
  }

  /** Resolves when the setup does not hold any more and the service has been moved. */
  private async watch(): Promise<void> {
    const {setup, context, clock, inTurn} = this.options
    const {signal} = this.life
    await watchSetup(setup, () => context(signal), {clock, signal})
    await inTurn(async () => {
      if (this.state === 'Running') await this.lost()
    })
  }

  private async lost(): Promise<void> {
    await this.options.keeper.move('setupLost', {reason: 'its setup does not hold any more'})
    this.options.onLost()
  }

  private async begin(): Promise<void> {
    const {keeper, clock} = this.options
    if (this.state === 'SetupComplete') await this.lost()
    if (this.state === 'Starting') {
      await keeper.move('readyNeedsSetup', {readyAt: steadyNow(clock), reason: null, failure: null})
    }
    if (this.state === 'SetupRequired') await keeper.move('setupBegin', {reason: null})
  }

  private async finish(): Promise<void> {
    const {keeper, clock, onReleased} = this.options
    const ready = {overdue: false, reason: null, failure: null}
    if (this.state === 'Starting') {
      await keeper.move('ready', {...ready, readyAt: steadyNow(clock)})
      await onReleased()
      return
    }
    if (this.state === 'SetupRequired') await keeper.move('setupBegin')
    if (this.state === 'SettingUp') await keeper.move('setupDone')
    if (this.state === 'SetupComplete') {
      await keeper.move('released', ready)
      await onReleased()
    }
  }
}
