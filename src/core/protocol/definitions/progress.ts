import {
  anyOf,
  anything,
  array,
  constant,
  count,
  described,
  enumOf,
  name,
  nullable,
  object,
  optional,
  ref,
  string,
} from '../schema-parts.js'
import {topics} from '../topics.js'

const eventHead = {seq: described('Rises by one per event within an epoch', count()), time: ref('Time')}

/** What the daemon sends on its own (notifications.ts): plans, steps and events. */
export const planDefinitions = {
  PlannedStep: object({
    kind: ref('UnitKind'),
    name: name(),
    action: enumOf('keep', 'restart', 'run', 'start', 'stop'),
    cause: described('Why this action, e.g. `asked for`, `needed by api`, `runs already`', string()),
    after: described('Names it waits for', array(name())),
    layers: optional(described('What it runs in, of a plan that was asked for', string())),
  }),
  ProgressStep: object({
    kind: ref('UnitKind'),
    name: name(),
    state: anyOf(ref('ServiceState'), ref('TaskState')),
    waitsFor: array(name()),
    message: nullable(string()),
    trouble: described(
      'It will not come up by itself: what it needs cannot be had, or its start timeout is over',
      nullable(enumOf('blocked', 'overdue')),
    ),
    at: ref('Time'),
  }),
  Progress: anyOf(
    object({id: count(), plan: array(ref('PlannedStep'))}),
    object({id: count(), step: ref('ProgressStep')}),
    object({id: count(), task: name(), event: described('What a task that belongs to the request says', anything())}),
    object({id: count(), action: string(), event: described('What the action emits', anything())}),
    object({id: count(), action: string(), message: described('How the action gets on', string())}),
  ),
  LogLines: object({
    id: count(),
    lines: array(ref('LogLine')),
    begin: optional(described('Where each stream begins. Others begin at 0', array(ref('LogPosition')))),
  }),
  Topic: described('What an event is about', enumOf(...topics)),
  DaemonEvent: anyOf(
    object({
      ...eventHead,
      topic: constant('service.state'),
      stack: string(),
      service: name(),
      from: string(),
      to: string(),
      event: string(),
      status: ref('ServiceStatus'),
    }),
    object({...eventHead, topic: constant('task.state'), stack: string(), task: name(), status: ref('TaskStatus')}),
    object({
      ...eventHead,
      topic: constant('task.event'),
      stack: string(),
      task: name(),
      event: described('As the task type defines it', anything()),
    }),
    object({
      ...eventHead,
      topic: constant('service.event'),
      stack: string(),
      service: name(),
      event: described('As the service type defines it', anything()),
    }),
    object({
      ...eventHead,
      topic: described(
        'It became known, or something about it other than its state is not what it was',
        enumOf('service.registered', 'service.updated'),
      ),
      stack: string(),
      service: name(),
      entry: ref('RegisteredService'),
    }),
    object({...eventHead, topic: constant('service.unregistered'), stack: string(), service: name()}),
    object({
      ...eventHead,
      topic: described('The networks of a stack are not what they were', constant('network.topology')),
      stack: string(),
      networks: array(ref('TopologyNetwork')),
    }),
    object({...eventHead, topic: enumOf('stack.forgotten', 'stack.loaded'), stack: string(), name: name()}),
  ),
}
