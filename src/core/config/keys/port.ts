import {choice, name, type Shape, templatePattern, whole} from './shapes.js'
import type {MapTable} from './table.js'

/** `5432`, `"8080:80"`, `0`. */
export const shortPort: Shape = {
  schema: {
    type: ['integer', 'string'],
    minimum: 0,
    maximum: 65_535,
    pattern: `^\\d{1,5}(:\\d{1,5})?$|${templatePattern}`,
    patternErrorMessage: "Expected a port: a number from 0 to 65535, or 'host:container'.",
  },
  shown: 'number, `"host:container"`',
}

const protocols = ['http', 'https', 'ws', 'wss', 'grpc', 'tcp', 'udp']

/** A port whose name is the key that it stands under. */
export const namedPortTable: MapTable<'namedPort'> = {
  title: 'A named port',
  about: 'The long form of a port in a map of names.',
  keys: {
    port: {
      description: 'On this machine. 0 is a free one, picked and kept.',
      value: whole(0, 65_535),
      default: 0,
      example: 8080,
    },
    container: {description: 'Inside the container, where the type has one.', value: whole(1, 65_535), example: 80},
    protocol: {
      description: 'What is spoken there; left out, the name of the port when that is one of them, else tcp.',
      value: choice(protocols),
      example: 'http',
    },
  },
}

/** A port of a list. */
export const portTable: MapTable<'port'> = {
  title: 'A port of a list',
  about: 'The long form of a port in a list.',
  keys: {
    ...namedPortTable.keys,
    name: {
      description:
        'What references call it: `${api.ports.NAME}`. The first one without a name is `default`, or what the service type calls a port of that number.',
      value: name,
      example: 'admin',
    },
  },
}
