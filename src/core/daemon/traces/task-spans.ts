import type {DaemonEvent} from '../../protocol/notifications.js'
import type {OpenSpans, SpanEnd} from './open-spans.js'
import {nodeKey, type Parents} from './parents.js'
import {exitAttributes} from './service-spans.js'
import type {StackNames} from './stack-names.js'

type TaskEvent = Extract<DaemonEvent, {readonly topic: 'task.state'}>

/** The spans of tasks: one for each run that had something to do, from its first try to its end. */
export class TaskSpans {
  constructor(
    private readonly spans: OpenSpans,
    private readonly parents: Parents,
    private readonly names: StackNames,
  ) {}

  happened(event: TaskEvent): void {
    const {stack, task, status} = event
    const key = nodeKey(stack, 'task', task)
    const at = new Date(event.time)
    const isOpen = this.spans.has(key)
    if (status.state === 'Running' && isOpen) this.spans.mark(key, 'retry', at, {})
    // What fails before its first try has failed all the same.
    if (!isOpen && (status.state === 'Running' || status.state === 'Failed')) this.begin(key, at, event)
    if (status.state !== 'Running') this.spans.end(key, at, endOf(status))
  }

  private begin(key: string, at: Date, {stack, task}: TaskEvent): void {
    const known = this.names.find(stack)
    this.spans.begin(key, 'task.run', {
      at,
      parent: this.parents.parentOf(key),
      attributes: {
        'harness.stack': stack,
        ...(known && {'harness.stack.name': known.name}),
        'harness.task': task,
      },
    })
  }
}

function endOf({state, reason, exit}: TaskEvent['status']): SpanEnd {
  const end = {outcome: state.toLowerCase(), attributes: exitAttributes({exit})}
  return state === 'Failed' || state === 'Blocked' ? {...end, failure: state, reason} : end
}
