import {notBoth} from './rules.js'
import {entryKeys} from './entry.js'
import {shortPort} from './port.js'
import {
  anyMap,
  choice,
  duration,
  either,
  listOf,
  mapOf,
  name,
  named,
  path,
  signal,
  someText,
  text,
  whole,
} from './shapes.js'
import type {MapTable} from './table.js'

/** A service, in either spelling. Which types there are, and what they take, is added from the plugins. */
export const serviceTable: MapTable<'service'> = {
  title: 'A service',
  about:
    "It says where it runs with `type` and the type's own keys beside it, with `target`, or leaves that to its `service_type`. `harness info` shows what came of it.",
  keys: {
    type: {
      description: 'What runs it; the keys of that [type](#types) stand beside it. The short spelling of `target`.',
      value: {...text, shown: 'name of a type'},
      example: 'process',
    },
    target: {
      description: 'Where it runs: a `type` and what that type takes. `env` and `ports` may stand in it as well.',
      value: {...anyMap, shown: '[target](#types)'},
      example: {type: 'process', binary: 'node', args: ['api.mjs']},
    },
    service_type: {
      description: 'A type of a plugin that knows how to set this service up, and what can be done with it.',
      value: {...text, shown: 'name of a service type'},
      example: 'postgres',
    },
    config: {
      description: "The service type's own settings.",
      value: {schema: {}, shown: 'what the service type takes'},
      example: {database: 'shop'},
    },
    ...entryKeys,
    profiles: {
      description:
        'The service is started by itself only when one of these profiles is chosen (`--profile`), or by its name. Left out: always.',
      value: listOf(name, 'names'),
      example: ['debug'],
    },
    network: {
      description: 'The network that it lives in: one of `networks`.',
      value: name,
      example: 'lan',
    },
    ports: {
      description:
        'Where it listens, as a list or by name. `0` is a free port, picked and kept; `${api.port}` and `${api.url}` tell it. See [ports](#ports).',
      value: either(
        listOf(either(shortPort, mapOf('port', 'port')), 'ports'),
        named(name, either(shortPort, mapOf('namedPort', 'port'))),
      ),
      default: [],
      example: {http: 0},
    },
    health_check: {
      description: 'How it is told that the service is ready. Left out, it is ready once it runs.',
      value: mapOf('healthCheck', 'health check'),
      example: {http: '${api.url}/health', interval: '5s'},
    },
    liveness: {
      description: 'A health check that restarts the service when it fails; `health_check` alone never does.',
      value: mapOf('healthCheck', 'health check'),
      example: {http: '${api.url}/alive', retries: 3},
    },
    restart: {
      description: 'What follows when it ends by itself: `no`, `on-failure` or `always`, or the long form.',
      value: either(choice(['no', 'on-failure', 'always']), mapOf('restart')),
      default: 'no',
      example: 'on-failure',
    },
    stop_signal: {
      description: 'The signal that asks it to end: that of its type, else that of its image, else TERM.',
      value: signal,
      example: 'INT',
    },
    stop_command: {
      description: 'A program that ends it, run where it runs, instead of the signal.',
      value: either(someText, listOf(text, 'texts', 1), mapOf('command')),
      example: ['node', 'stop.mjs'],
    },
    startup_timeout: {
      description: "How long it may take to be ready; left out, that of `settings`, else its type's, else 5 minutes.",
      value: duration,
      example: '2m',
    },
    min_uptime: {
      description: 'Without a health check: it is ready once it has lived this long.',
      value: duration,
      default: '0s',
      example: '2s',
    },
    on_start_timeout: {
      description: 'What becomes of it when it was not ready in time: `keep` leaves it for inspection, `stop` ends it.',
      value: choice(['keep', 'stop']),
      default: 'keep',
      example: 'stop',
    },
    success_exit_codes: {
      description: 'Exit codes that are a good end, beside 0.',
      value: listOf(whole(0, 255), 'numbers from 0 to 255'),
      default: [],
      example: [143],
    },
    success_signals: {
      description: 'Signals that are a good end.',
      value: listOf(signal, 'signals'),
      default: [],
      example: ['TERM'],
    },
    replicas: {
      description:
        'How many of it there are: `api`, `api-2`, `api-3`, each with ports and a log of its own. `harness scale` changes it live.',
      value: whole(0, 1000),
      default: 1,
      example: 3,
    },
    watch: {
      description: 'Files and folders; when one changes the service is restarted, or a task runs.',
      value: either(listOf(path, 'paths', 1), mapOf('watch'), listOf(mapOf('watch'), 'such maps')),
      default: [],
      example: ['src'],
    },
  },
  rules: [notBoth('type', 'target')],
}
