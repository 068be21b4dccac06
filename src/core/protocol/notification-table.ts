import {count, enumOf, integer, object, ref, string} from './schema-parts.js'

interface NotificationKind {
  readonly from: 'client' | 'client or the daemon' | 'daemon'
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
    summary:
      'How the request `id` gets on: first one plan that names all it touches, then a step for each move; or what its task or action says.',
    params: ref('Progress'),
  },
  '$/log': {from: 'daemon', summary: 'Lines that the request `id` (`logs.read`) asked for.', params: ref('LogLines')},
  '$/event': {
    from: 'daemon',
    summary: 'Something happened. Comes after `events.subscribe`, and belongs to the connection.',
    params: ref('DaemonEvent'),
  },
  '$/gap': {
    from: 'daemon',
    summary:
      'Events were left out here because the client read too slowly: `gap` of them, the last of which was `seq`. `events.subscribe` with `after` brings them back, as far as they are kept.',
    params: object({gap: integer(), seq: integer()}),
  },
  '$/opened': {
    from: 'daemon',
    summary: 'What the request asked for is there: a command runs, a service is attached to. Comes before all output.',
    params: object({channel: integer()}),
  },
  '$/output': {
    from: 'daemon',
    summary: 'Bytes that were printed, base64.',
    params: object({channel: integer(), stream: enumOf('stdout', 'stderr'), data: string()}),
  },
  '$/input': {
    from: 'client',
    summary: 'Bytes for standard input, base64.',
    params: object({channel: integer(), data: string()}),
  },
  '$/inputEnd': {from: 'client', summary: 'There is no more input.', params: object({channel: integer()})},
  '$/resize': {
    from: 'client',
    summary: 'The terminal has another size now.',
    params: object({channel: integer(), cols: count(), rows: count()}),
  },
  '$/signal': {
    from: 'client',
    summary: 'A signal for what runs in the channel, by its whole name: `SIGINT`.',
    params: object({channel: integer(), signal: string()}),
  },
  '$/credit': {
    from: 'client or the daemon',
    summary: 'So many more bytes may be sent: they were taken, and done with.',
    params: object({channel: integer(), bytes: count()}),
  },
}
