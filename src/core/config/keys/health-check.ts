import {exactlyOneOf, onlyWith} from './rules.js'
import {choice, duration, either, listOf, mapOf, someText, type Shape, text, templatePattern, whole} from './shapes.js'
import type {MapTable} from './table.js'

export const url: Shape = {
  schema: {
    type: 'string',
    pattern: `^[Hh][Tt][Tt][Pp][Ss]?://|^${templatePattern}`,
    patternErrorMessage: 'Expected a URL that begins with http:// or https://, or a reference to one.',
  },
  shown: 'URL',
}

export const program: Shape = either(someText, {...listOf(text, '', 1), shown: 'list of it and its arguments'})

const address: Shape = {
  schema: {
    type: ['integer', 'string'],
    minimum: 1,
    maximum: 65_535,
    pattern: `^([^$]*:)?\\d{1,5}$|${templatePattern}`,
    patternErrorMessage: "Expected a port, 'host:port', or a reference to a port.",
  },
  shown: 'port, `host:port`',
}

const kinds = ['http', 'tcp', 'command', 'log', 'all', 'any'] as const

/** One check: what is asked, without when. */
export const checkTable: MapTable<'check'> = {
  title: 'A check',
  about: 'An item of `all` or `any`: exactly one kind of check, without timing.',
  keys: {
    http: {
      description: 'A request that must be answered well: a URL, or the long form.',
      value: either(url, mapOf('httpCheck')),
      example: '${api.url}/health',
    },
    tcp: {
      description: 'A port that must take connections: its number, `host:port`, or the long form.',
      value: either(address, mapOf('tcpCheck')),
      example: '${db.port}',
    },
    command: {
      description: 'A program that must end with 0: with `args` beside it, the whole line as a list, or the long form.',
      value: either({...program, shown: 'program, list of it and its arguments'}, mapOf('commandCheck')),
      example: ['pg_isready', '-U', 'postgres'],
    },
    log: {
      description:
        'A line that it must have printed: a regular expression. Its named groups are outputs: `${api.outputs.port}`.',
      value: either({...someText, shown: 'regular expression'}, mapOf('logCheck')),
      example: 'listening on (?<port>\\d+)',
    },
    all: {
      description: 'Several checks, each of which must hold.',
      value: listOf(mapOf('check', 'check'), 'checks', 1),
      example: [{tcp: '${db.port}'}, {log: 'ready'}],
    },
    any: {
      description: 'Several checks, one of which must hold.',
      value: listOf(mapOf('check', 'check'), 'checks', 1),
      example: [{tcp: '${db.port}'}, {log: 'ready'}],
    },
    args: {
      description: 'The arguments of `command`.',
      value: listOf(text, 'texts'),
      default: [],
      example: ['-U', 'postgres'],
    },
    on: {
      description: '`service` runs `command` where the service runs, `host` on this machine.',
      value: choice(['service', 'host']),
      default: 'service',
      example: 'host',
    },
  },
  rules: [exactlyOneOf(...kinds), onlyWith('command', 'args', 'on')],
}

/** A check and its timing. */
export const healthCheckTable: MapTable<'healthCheck'> = {
  title: 'A health check',
  about:
    'Exactly one kind of check, `http`, `tcp`, `command`, `log`, `all` or `any`, and when it is made. The same for `health_check` and `liveness`.',
  keys: {
    ...checkTable.keys,
    interval: {
      description:
        'Time between two checks once the service has been ready; left out, `health_check_interval` of `settings`, else 10 seconds.',
      value: duration,
      example: '5s',
    },
    timeout: {description: 'How long one check may take.', value: duration, default: '5s', example: '2s'},
    retries: {
      description: 'Failures in a row that make a running service unhealthy; of `liveness`: that restart it.',
      value: whole(1),
      default: 3,
      example: 5,
    },
    start_period: {
      description: 'Failures this soon after the start do not count for `liveness`.',
      value: duration,
      default: '0s',
      example: '10s',
    },
    start_interval: {
      description: 'Time between two checks until the first success.',
      value: duration,
      default: '100ms',
      example: '1s',
    },
    success_threshold: {
      description: 'Successes in a row that make it healthy.',
      value: whole(1),
      default: 1,
      example: 2,
    },
  },
  rules: checkTable.rules ?? [],
}
