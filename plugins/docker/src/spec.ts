import type {JsonSchema} from '@service-harness/cli/plugin'

export interface BuildSpec {
  readonly context: string
  readonly dockerfile?: string
  readonly target?: string
  readonly args?: Readonly<Record<string, string>>
}

export interface NetworkSpec {
  readonly aliases?: readonly string[]
  readonly external?: boolean
}

interface UlimitSpec {
  readonly soft: number
  readonly hard: number
}

/** What `target: {type: docker}` takes. */
export interface DockerSpec {
  readonly image?: string
  readonly build?: BuildSpec | string
  readonly pull?: 'always' | 'missing' | 'never'
  readonly command?: readonly string[]
  readonly entrypoint?: readonly string[]
  readonly working_dir?: string
  readonly user?: string
  readonly volumes?: readonly string[]
  readonly tmpfs?: readonly string[]
  readonly networks?: Readonly<Record<string, NetworkSpec | null>> | readonly string[]
  readonly labels?: Readonly<Record<string, string>>
  readonly resources?: {readonly cpus?: number; readonly memory?: number | string}
  readonly ulimits?: Readonly<Record<string, UlimitSpec | number>>
  readonly init?: boolean
  readonly stdin?: boolean
}

const text = {type: 'string', minLength: 1} as const
const words = {type: 'array', items: {type: 'string'}} as const
const pairs = {type: 'object', additionalProperties: {type: 'string'}} as const

export const dockerSpecSchema: JsonSchema<DockerSpec> = {
  type: 'object',
  description: 'A container that harness makes, starts and removes.',
  properties: {
    image: {...text, description: 'The image. With `build` also the name of what is built.'},
    build: {
      description: 'How the image is built: a folder, or in detail.',
      anyOf: [
        text,
        {
          type: 'object',
          required: ['context'],
          properties: {
            context: {
              ...text,
              description: 'The folder that is sent to the engine. Relative to the folder of the stack file.',
            },
            dockerfile: {...text, default: 'Dockerfile', description: 'Relative to the context.'},
            target: {...text, description: 'The stage to stop at.'},
            args: {
              ...pairs,
              description: 'Build arguments. They stay in the history of the image: no place for secrets.',
            },
          },
          additionalProperties: false,
        },
      ],
    },
    pull: {
      enum: ['always', 'missing', 'never'],
      default: 'missing',
      description: 'When the image is fetched from its registry.',
    },
    command: {...words, description: 'In place of the command of the image.'},
    entrypoint: {...words, description: 'In place of the entrypoint of the image.'},
    working_dir: {...text, description: 'Where it runs, inside.'},
    user: {...text, description: 'As whom it runs: a name or number, and a group after a colon.'},
    volumes: {
      ...words,
      description:
        '`SOURCE:TARGET[:ro]`. A source that begins with `.`, `~` or `/` is a path of the machine, relative to the folder of the stack file; else the name of a volume, which stays.',
    },
    tmpfs: {...words, description: 'Paths inside that are kept in memory: `PATH[:OPTIONS]`.'},
    networks: {
      description:
        'More networks than that of the stack, by name, each with the aliases by which others there reach it. One that is not `external` is made for the stack, and removed with it.',
      anyOf: [
        {type: 'array', items: text},
        {
          type: 'object',
          additionalProperties: {
            anyOf: [
              {type: 'null'},
              {
                type: 'object',
                properties: {aliases: words, external: {type: 'boolean', default: false}},
                additionalProperties: false,
              },
            ],
          },
        },
      ],
    },
    labels: {...pairs, description: 'Labels of the container. Those that begin with `harness.` are taken.'},
    resources: {
      type: 'object',
      properties: {
        cpus: {type: 'number', exclusiveMinimum: 0, description: 'How many cores it may use: 0.5 is half of one.'},
        memory: {
          anyOf: [
            {type: 'integer', minimum: 4_194_304},
            {type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?\\s*([kmgKMG]([iI]?[bB])?|[bB])?$'},
          ],
          description: 'How much memory it may have: 512m, 2g, or bytes. At least 4m. It is killed when it wants more.',
        },
      },
      additionalProperties: false,
    },
    ulimits: {
      type: 'object',
      description: 'Limits of its processes, by name: `nofile: 65536`, or with `soft` and `hard`.',
      additionalProperties: {
        anyOf: [
          {type: 'integer'},
          {
            type: 'object',
            required: ['soft', 'hard'],
            properties: {soft: {type: 'integer'}, hard: {type: 'integer'}},
            additionalProperties: false,
          },
        ],
      },
    },
    init: {
      type: 'boolean',
      default: false,
      description: 'Run a small init as process 1, which reaps children and passes signals on.',
    },
    stdin: {
      type: 'boolean',
      default: false,
      description: 'Keep its standard input open for `harness attach`, which then types into it.',
    },
  },
  anyOf: [{required: ['image']}, {required: ['build']}],
  additionalProperties: false,
}
