import type {Topic} from '../../core/client/api/events.js'

/** What tasks say is too much for those who have not asked. */
export const usualTopics = [
  'service.state',
  'task.state',
  'service.registered',
  'service.updated',
  'service.unregistered',
  'network.topology',
  'stack.loaded',
  'stack.forgotten',
] as const satisfies readonly Topic[]

export const topics = [...usualTopics, 'task.event'] as const satisfies readonly Topic[]
