import type {JsonSchema} from '../../base/json.js'
import type {Scope} from './scope.js'

type PropertyValue = boolean | number | string

/** What `target: {type: systemd}` takes: `unit`, or `binary` and what belongs to it. */
export interface SystemdSpec {
  readonly unit?: string
  readonly scope?: Scope
  readonly binary?: string
  readonly args?: readonly string[]
  readonly working_dir?: string
  readonly properties?: Readonly<Record<string, PropertyValue | readonly PropertyValue[]>>
}

/** Set by harness itself: with others it could neither tell the end nor find the unit again. */
const reserved = [
  ...['CollectMode', 'EnvironmentFile', 'ExecStart', 'ExecStartPre', 'ExecStop', 'ExecStopPost', 'KillMode'],
  ...['RemainAfterExit', 'Restart', 'RestartSec', 'SendSIGKILL', 'StandardError', 'StandardInput', 'StandardOutput'],
  ...['SuccessExitStatus', 'TimeoutSec', 'TimeoutStopSec', 'TTYPath', 'Type', 'WorkingDirectory'],
]

/** Named in the error: an editor then points at the key that is too many. */
const notBesideUnit = {not: {}, errorMessage: `cannot stand beside 'unit': the unit says it itself`}

/** The same for a setting. */
const ofHarness = {not: {}, errorMessage: 'is set by harness itself'}

/** systemd's own characters, and not the wildcards of its commands. */
export const unitSchema = {
  type: 'string',
  pattern: '^[A-Za-z0-9:_.@\\\\][A-Za-z0-9:_.@\\\\-]*$',
  maxLength: 255,
  errorMessage: 'must be the name of a unit of systemd',
} as const

export const scopeSchema = {
  enum: ['user', 'system'],
  description: "Whose manager: this user's, or the machine's. `user`, and for root `system`, unless it is said.",
} as const

export const systemdSpecSchema: JsonSchema<SystemdSpec> = {
  type: 'object',
  description:
    'A service of systemd: one that exists (`unit`), or a program (`binary`) that runs as a unit of its own for as long as harness wants it.',
  properties: {
    unit: {
      ...unitSchema,
      description:
        'A service that systemd knows. It is started and stopped, and taken over as it is when it runs already. Its output comes from the journal.',
    },
    scope: scopeSchema,
    binary: {
      type: 'string',
      minLength: 1,
      description: 'A name that is looked for in PATH, or a path that starts from the working directory.',
    },
    args: {
      type: 'array',
      items: {type: 'string'},
      description: 'Its arguments. No shell reads them, nor are variables of systemd filled in.',
    },
    working_dir: {
      type: 'string',
      minLength: 1,
      description: 'Where it runs. A relative path starts from the folder of the stack file, which is the default.',
    },
    properties: {
      type: 'object',
      description:
        'Settings of the unit, as in its file: `{MemoryMax: 512M, CPUQuota: 50%}`. A list sets one several times. What harness sets itself cannot be given.',
      patternProperties: {
        [`^(${reserved.join('|')})$`]: ofHarness,
        '^(?![A-Z][A-Za-z0-9]*$)': {
          not: {},
          errorMessage: 'is no setting of systemd: they begin with a capital letter',
        },
        additionalProperties: {
          anyOf: [
            {type: ['string', 'number', 'boolean']},
            {type: 'array', items: {type: ['string', 'number', 'boolean']}},
          ],
        },
      },
    },
  },
  allOf: [
    {
      if: {not: {required: ['unit']}},
      then: {required: ['binary'], errorMessage: `must have 'unit' or 'binary'`},
    },
    {
      if: {required: ['unit']},
      then: {
        properties: {
          binary: notBesideUnit,
          args: notBesideUnit,
          working_dir: notBesideUnit,
          properties: notBesideUnit,
        },
      },
    },
  ],
  additionalProperties: false,
}
