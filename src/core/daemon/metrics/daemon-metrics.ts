import type {AnsweredCheck} from '../../service/attempt-watch.js'
import type {Exposition} from './exposition.js'
import type {MetricsSource, MetricsText} from './metrics-source.js'
import {Tally} from './tally.js'

/** What can be measured of a daemon. The library for it is loaded when somebody asks first; only check durations begin to count then. */
export class DaemonMetrics implements Disposable {
  readonly tally = new Tally()
  private exposition: Exposition | undefined
  private underWay: Promise<MetricsText> | undefined

  constructor(private readonly source: MetricsSource) {}

  onAnswered = (check: AnsweredCheck): void => {
    this.exposition?.observe(check)
  }

  /** In the text format of Prometheus. Whoever asks meanwhile gets the same. */
  read(): Promise<MetricsText> {
    this.underWay ??= this.scrape().finally(() => {
      this.underWay = undefined
    })
    return this.underWay
  }

  [Symbol.dispose](): void {
    this.exposition?.[Symbol.dispose]()
    this.exposition = undefined
  }

  private async scrape(): Promise<MetricsText> {
    const {createExposition} = await import('./exposition.js')
    this.exposition ??= createExposition(this.tally, this.source)
    return this.exposition.read()
  }
}
