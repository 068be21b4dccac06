import type {DaemonEvent} from './notifications.js'

/** What an event is about. */
export type Topic = DaemonEvent['topic']

const known: Readonly<Record<Topic, true>> = {
  'service.state': true,
  'task.state': true,
  'service.registered': true,
  'service.updated': true,
  'service.unregistered': true,
  'network.topology': true,
  'stack.loaded': true,
  'stack.forgotten': true,
  'task.event': true,
  'service.event': true,
}

/** Of which there may be very much: not kept for those who are away, and left out for those who are slow. It stands in the logs. */
export const fleeting: ReadonlySet<Topic> = new Set<Topic>(['service.event', 'task.event'])

/** All that there are: the compiler misses one that is not here. */
export const topics = Object.keys(known) as readonly Topic[]
