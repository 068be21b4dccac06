import {packagePattern} from '../../base/ids.js'
import {anyMap, either, env, layers, listOf, mapOf, matching, name, named, oneWord, path, text} from './shapes.js'
import type {MapTable} from './table.js'

const envFile = either(path, listOf(either(path, mapOf('envFile')), 'paths or maps'))

/** What stands at the top of the file. Several keys of it are those of an environment as well. */
export const stackTable: MapTable<'stack'> = {
  title: 'The file',
  about: 'A stack file is one YAML document, a map with these keys. It needs at least one service or task.',
  keys: {
    version: {
      description: 'The version of the format. There is one so far.',
      value: oneWord('^1(\\.0)?$', '`1`', {minimum: 1, maximum: 1}),
      example: '1',
    },
    name: {
      description:
        'What the stack is called in commands; left out, the name of its folder. A title like `My Shop` is turned into `my-shop`.',
      value: matching('^[A-Za-z0-9][A-Za-z0-9_-]*( [A-Za-z0-9_-]+)*$', 'name'),
      example: 'shop',
    },
    description: {
      description: 'For people. Nothing reads it.',
      value: text,
      example: 'The shop and all that it needs.',
    },
    include: {
      description:
        'Other stack files whose services and tasks belong to this stack too. A path starts at the file that names it; see [include](#include-templates-environments-profiles).',
      value: either(path, listOf(either(path, mapOf('include')), 'paths or maps')),
      example: ['./db/harness.yaml'],
    },
    plugins: {
      description:
        'Packages that bring types which the file uses, and that are no part of harness. What one of them is missing for says how to install it. A version may follow: `harness-plugin-redis@^1.2`.',
      value: listOf(matching(packagePattern, 'package'), 'packages'),
      default: [],
      example: ['harness-plugin-redis'],
    },
    settings: {
      description: 'Defaults for every service and task of the file.',
      value: mapOf('settings'),
      example: {startup_timeout: '5m'},
    },
    env: {
      description: 'Environment variables for every service and task. `null` takes a variable away.',
      value: env,
      example: {LOG_LEVEL: 'info'},
    },
    env_file: {
      description:
        'Files with variables for every service and task, of which the later ones win. `env` lies above them.',
      value: envFile,
      example: './common.env',
    },
    layers: {
      description:
        'What the commands of every service and task run in, the outermost first. Their own layers are inside of these. See [layers](#layers).',
      value: layers,
      default: [],
      example: [{type: 'local', working_dir: '/srv'}],
    },
    secrets: {
      description:
        'Where secret values come from, by name. `${secret.NAME}` stands for one; the values are read at a start and kept with what runs.',
      value: named(matching('^\\w[\\w-]*$', 'name'), mapOf('secret')),
      example: {DB_PASSWORD: {file: './db-password'}},
    },
    networks: {
      description:
        'Hosts that reach each other, by the name of their network. A service says with `network` where it lives.',
      value: named(name, mapOf('network')),
      example: {lan: {type: 'lan', subnet: '192.168.1.0/24'}},
    },
    templates: {
      description: 'Keys that services and tasks share, by a name that they give under `extends`.',
      value: named(name, {...mapOf('service', 'keys of a service or task'), schema: {$ref: '#/$defs/template'}}),
      example: {careful: {restart: 'on-failure', stop_signal: 'INT'}},
    },
    environments: {
      description: 'Variants of the stack. `--env NAME` (or HARNESS_ENV) lays one of them over the file.',
      value: named(name, mapOf('environment')),
      example: {staging: {env: {LOG_LEVEL: 'debug'}}},
    },
    services: {
      description: 'What runs for as long as the stack is up, by name.',
      value: named(name, mapOf('service', 'service')),
      example: {api: {type: 'process', binary: 'node', args: ['api.mjs']}},
    },
    tasks: {
      description:
        'Work with an end, by name: it runs when something needs it, by a schedule, or when it is asked for.',
      value: named(name, mapOf('task', 'task')),
      example: {migrate: {task_type: 'command', target: {type: 'process', binary: 'node', args: ['migrate.mjs']}}},
    },
  },
}

const {env: ofEnv, env_file: ofEnvFile, layers: ofLayers, secrets, networks, templates, settings} = stackTable.keys

/** What `--env NAME` lays over the file. */
export const environmentTable: MapTable<'environment'> = {
  title: 'An environment',
  about:
    'Laid over the file by `--env NAME`, by the rules of [merging](#merging). Its services need say only what is other.',
  keys: {
    profiles: {
      description: 'Profiles that are chosen with it.',
      value: listOf(name, 'names'),
      example: ['debug'],
    },
    settings: {...settings, description: 'Defaults that are other here.'},
    env: {...ofEnv, description: 'Variables for every service and task that are other here.'},
    env_file: {...ofEnvFile, description: 'More files with variables.'},
    layers: {...ofLayers, description: 'What everything runs in here, inside of the layers of the file.'},
    secrets: {...secrets, description: 'Where secrets come from here.'},
    networks: {...networks, description: 'Networks that are other here.'},
    templates: {...templates, description: 'Templates that are other here: all that extend them change.'},
    services: {
      description: 'More services, or keys of those that are there.',
      value: {...named(name, mapOf('service', 'service')), schema: partsOf('service')},
      example: {api: {replicas: 3}},
    },
    tasks: {
      description: 'More tasks, or keys of those that are there.',
      value: {...named(name, mapOf('task', 'task')), schema: partsOf('task')},
      example: {migrate: {timeout: '1m'}},
    },
  },
}

function partsOf(map: 'service' | 'task') {
  return named(name, {...anyMap, schema: {$ref: `#/$defs/${map}-part`}}).schema
}
