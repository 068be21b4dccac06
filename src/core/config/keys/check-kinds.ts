import {program, url} from './health-check.js'
import {choice, duration, env, listOf, matching, someText, text, type Shape, templatePattern} from './shapes.js'
import type {KeyEntry, MapTable} from './table.js'

const timeout: KeyEntry = {
  description: 'How long it may take. The same as `timeout` beside the check; not in a check of `all` or `any`.',
  value: duration,
  default: '5s',
  example: '2s',
}

const status: Shape = {
  schema: {
    type: ['string', 'integer'],
    minimum: 100,
    maximum: 599,
    pattern: `^ *[1-5]\\d\\d( *- *[1-5]\\d\\d)?( *, *[1-5]\\d\\d( *- *[1-5]\\d\\d)?)* *$|${templatePattern}`,
    patternErrorMessage: "Expected HTTP status codes, like 200, '200-299' or '200,204'.",
  },
  shown: 'codes and ranges',
}

const port: Shape = {
  schema: {type: ['integer', 'string'], minimum: 1, maximum: 65_535, pattern: `^\\d{1,5}$|${templatePattern}`},
  shown: 'port, or a reference to one',
}

export const httpCheckTable: MapTable<'httpCheck'> = {
  title: 'An http check',
  about: 'The long form of `http`.',
  keys: {
    url: {description: 'What is asked for.', value: url, example: '${api.url}/health', required: true},
    method: {
      description: 'The HTTP method.',
      value: matching('^[A-Za-z]+$', 'text'),
      default: 'GET',
      example: 'HEAD',
    },
    headers: {
      description: 'Headers of the request.',
      value: env,
      default: {},
      example: {Authorization: 'Bearer ${secret.TOKEN}'},
    },
    expected_status: {
      description: 'The status codes that are well.',
      value: status,
      default: '200-299',
      example: '200,204',
    },
    expected_body: {description: 'A text that the body must contain.', value: text, example: 'ok'},
    timeout,
  },
}

export const tcpCheckTable: MapTable<'tcpCheck'> = {
  title: 'A tcp check',
  about: 'The long form of `tcp`.',
  keys: {
    host: {description: 'Where the port is.', value: text, default: 'localhost', example: '${db.host}'},
    port: {description: 'What must take connections.', value: port, example: 5432, required: true},
    timeout,
  },
}

export const logCheckTable: MapTable<'logCheck'> = {
  title: 'A log check',
  about: 'The long form of `log`.',
  keys: {
    pattern: {
      description: 'A regular expression (unicode mode) that a line must match; its named groups are outputs.',
      value: {...someText, shown: 'regular expression'},
      example: 'ready in \\d+ ms',
      required: true,
    },
    timeout,
  },
}

export const commandCheckTable: MapTable<'commandCheck'> = {
  title: 'A command check',
  about: 'The long form of `command`.',
  keys: {
    program: {
      description: 'What is run. No shell reads it.',
      value: {...program, shown: 'program, list of it and its arguments'},
      example: 'pg_isready',
      required: true,
    },
    args: {description: 'Its arguments.', value: listOf(text, 'texts'), default: [], example: ['-U', 'postgres']},
    on: {
      description: '`service` runs it where the service runs, `host` on this machine.',
      value: choice(['service', 'host']),
      default: 'service',
      example: 'host',
    },
    timeout,
  },
}
