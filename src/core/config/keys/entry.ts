import {duration, either, env, layers, listOf, mapOf, name, onlyBoolean, path, text} from './shapes.js'
import type {KeyEntry} from './table.js'

type EntryKey =
  | 'dependencies'
  | 'description'
  | 'env'
  | 'env_file'
  | 'extends'
  | 'inherit_env'
  | 'layers'
  | 'logs'
  | 'name'
  | 'shutdown_timeout'

/** The keys that services and tasks have in common. */
export const entryKeys: Readonly<Record<EntryKey, KeyEntry>> = {
  extends: {
    description: 'Templates that it lies on, by their name or as a list; the later lies over the earlier.',
    value: either(name, listOf(name, 'names')),
    example: ['careful'],
  },
  name: {
    description: 'Accepted for older files. Its key is what it is called.',
    value: text,
    example: 'The API',
  },
  description: {description: 'For people. Nothing reads it.', value: text, example: 'Answers the shop.'},
  env: {
    description:
      'Its environment variables, above all others. References like `${db.url}` may stand in them; `null` takes one away.',
    value: env,
    default: {},
    example: {DATABASE_URL: '${db.url}'},
  },
  env_file: {
    description: 'Files with variables for it, of which the later ones win. `env` lies above them.',
    value: either(path, listOf(either(path, mapOf('envFile')), 'paths or maps')),
    example: [{path: './local.env', required: false}],
  },
  inherit_env: {
    description:
      'What it gets of your environment: all, nothing, or only names of a list, where `*` matches any text and `!` takes away.',
    value: either(onlyBoolean, listOf(text, 'names')),
    default: true,
    example: ['PATH', 'NODE_*', '!NODE_OPTIONS'],
  },
  layers: {
    description:
      'What its command runs in, the outermost first, inside of the layers of the file. An empty list, written out, takes all of them away. See [layers](#layers).',
    value: layers,
    default: [],
    example: [{type: 'local', working_dir: '/srv'}],
  },
  dependencies: {
    description: 'What must be there before it begins: services by their name, `{service: NAME}` or `{task: NAME}`.',
    value: listOf(either(text, mapOf('dependency', 'dependency')), 'names or dependencies'),
    default: [],
    example: ['db', {task: 'migrate'}],
  },
  shutdown_timeout: {
    description:
      'How long it has between the signal to end and being killed; left out, that of `settings`, else 10 seconds where its type says nothing else.',
    value: duration,
    example: '30s',
  },
  logs: {description: 'How what it prints is kept.', value: mapOf('logs'), example: {merge: true}},
}
