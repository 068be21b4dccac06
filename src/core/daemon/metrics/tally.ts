import type {ErrorCode} from '../../base/error-table.js'
import type {MethodName} from '../../protocol/methods.js'
import type {EventBody} from '../../protocol/notifications.js'

type Labels = Readonly<Record<string, string>>

/** A number for each set of labels. */
export class Counts<Of extends Labels> {
  private readonly counts = new Map<string, {readonly labels: Of; count: number}>()

  add(labels: Of, by = 1): void {
    const key = JSON.stringify(labels)
    const known = this.counts.get(key)
    if (known) known.count += by
    else this.counts.set(key, {labels, count: by})
  }

  all(): readonly {readonly labels: Of; readonly count: number}[] {
    return [...this.counts.values()]
  }

  forget(matches: (labels: Of) => boolean): void {
    for (const [key, {labels}] of this.counts) if (matches(labels)) this.counts.delete(key)
  }
}

/** What a daemon counts from its start on, whether or not anybody ever asks. */
export class Tally {
  readonly requests = new Counts<{readonly method: string; readonly outcome: string}>()
  readonly restarts = new Counts<{readonly stack: string; readonly service: string}>()
  eventsLeftOut = 0

  answered(method: MethodName | undefined, error: ErrorCode | undefined): void {
    this.requests.add({method: method ?? 'unknown', outcome: error ?? 'ok'})
  }

  happened(event: EventBody): void {
    if (event.topic === 'service.state' && event.event === 'relaunch') {
      this.restarts.add({stack: event.stack, service: event.service})
    }
    if (event.topic === 'stack.forgotten') this.restarts.forget(({stack}) => stack === event.stack)
  }
}
