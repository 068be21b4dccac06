import {integer, object, ref} from './schema-parts.js'

interface NotificationKind {
  readonly from: 'client' | 'daemon'
  readonly summary: string
  readonly params: Readonly<Record<string, unknown>>
}

/** Messages without an answer, for the reference. Their types are in notifications.ts. */
export const notificationTable: Readonly<Record<string, NotificationKind>> = {
  '$/cancelRequest': {
    from: 'client',
    summary:
      'Takes a request back. It is still answered, mostly with the error −32800; what a mutation has begun goes on. An unknown id is ignored.',
    params: object({id: integer()}),
  },
  '$/progress': {
    from: 'daemon',
    summary: 'How the request `id` gets on: first one plan that names all it touches, then a step for each move.',
    params: ref('Progress'),
  },
  '$/log': {from: 'daemon', summary: 'Lines that the request `id` (`logs.read`) asked for.', params: ref('LogLines')},
  '$/event': {
    from: 'daemon',
    summary: 'Something happened. Comes after `events.subscribe`, and belongs to the connection.',
    params: ref('DaemonEvent'),
  },
}
