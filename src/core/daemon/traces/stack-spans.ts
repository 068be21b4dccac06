import type {Tracer} from '@opentelemetry/api'
import type {Clock} from '../../base/clock.js'
import type {DaemonEvent} from '../../protocol/notifications.js'
import {OpenSpans} from './open-spans.js'
import {Parents} from './parents.js'
import {RequestSpans} from './request-spans.js'
import {ServiceSpans} from './service-spans.js'
import type {StackNames} from './stack-names.js'
import {TaskSpans} from './task-spans.js'

export interface StackSpansOptions {
  readonly tracer: Tracer
  readonly names: StackNames
  readonly clock: Clock
  /** Masks secrets. */
  readonly redact: (text: string) => string
}

/** The spans of all stacks: of requests, and of what their services and tasks go through. Loads the API: import this module lazily. */
export class StackSpans {
  readonly requests: RequestSpans
  private readonly open: readonly OpenSpans[]
  private readonly services: ServiceSpans
  private readonly tasks: TaskSpans

  constructor(private readonly options: StackSpansOptions) {
    const {tracer, names, clock, redact} = options
    const spans = (): OpenSpans => new OpenSpans(tracer, redact)
    const [ofRequests, ofServices, ofTasks] = [spans(), spans(), spans()]
    const parents = new Parents()
    this.open = [ofServices, ofTasks, ofRequests]
    this.requests = new RequestSpans({spans: ofRequests, parents, names, clock})
    this.services = new ServiceSpans(ofServices, parents, names)
    this.tasks = new TaskSpans(ofTasks, parents, names)
  }

  happened(event: DaemonEvent): void {
    if (event.topic === 'service.state') this.services.happened(event)
    if (event.topic === 'task.state') this.tasks.happened(event)
    if (event.topic === 'service.unregistered') this.services.forget(event.stack, event.service)
  }

  /** The daemon ends: what goes on does so without it. */
  interrupt(): void {
    const at = new Date(this.options.clock.now())
    for (const spans of this.open) spans.endAll(at, {outcome: 'interrupted'})
  }
}
