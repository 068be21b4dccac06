import path from 'node:path'
import type {Launch} from '../../process/command-file.js'
import type {RunPaths} from '../../process/run-directory.js'
import type {SystemdSpec} from './spec.js'
import type {SystemdState} from './state.js'

/** The files of a transient unit in its run directory, beside those of every attempt. */
export function unitPaths(paths: RunPaths) {
  return {
    /** Without it the unit cannot start: whoever takes it away keeps it from ever starting. */
    environment: path.join(paths.directory, 'environment'),
    record: path.join(paths.directory, 'record'),
  } as const
}

/** What is left of a service gets at least this long to end, in milliseconds: the shell that writes down the end is bound by it too. */
const leastGraceMs = 2000

interface UnitOptions {
  readonly state: SystemdState
  readonly paths: RunPaths
  readonly launch: Launch
  readonly properties: NonNullable<SystemdSpec['properties']>
  readonly description: string
  readonly shell: string
}

/** The arguments of `systemd-run`: no secret among them, because everybody can read them. */
export function runArguments({state, paths, launch, properties, description, shell}: UnitOptions): readonly string[] {
  const {environment, record} = unitPaths(paths)
  const settings = [
    'KillMode=control-group',
    'SendSIGKILL=yes',
    `TimeoutStopSec=${Math.max(launch.graceMs, leastGraceMs)}ms`,
    `StandardOutput=append:${paths.out}`,
    `StandardError=append:${state.merge ? paths.out : paths.err}`,
    `EnvironmentFile=${patternOf(environment)}`,
    `ExecStopPost=${asManager(state)}${quoted(shell)} ${literal(quoted(record))}`,
    ...Object.entries(properties).flatMap(([name, value]) =>
      (Array.isArray(value) ? (value as readonly unknown[]) : [value]).map((each) => `${name}=${settingOf(each)}`),
    ),
  ]
  return [
    '--quiet',
    ...(state.kept ? [] : ['--collect']),
    `--unit=${state.unit}`,
    `--description=${description}`,
    '--service-type=exec',
    `--working-directory=${launch.cwd}`,
    ...settings.map((setting) => `--property=${setting}`),
    '--',
    launch.program,
    ...launch.args.map(literal),
  ]
}

/** Whatever user and walls the program is given. systemd 252 forgets what has a sign in front when its files are read anew, so only where it is needed. */
function asManager({scope, kept}: SystemdState): string {
  return scope === 'system' && kept ? '+' : ''
}

function settingOf(value: unknown): string {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}

/** systemd takes it for a pattern, which may match several files. */
function patternOf(file: string): string {
  return file.replace(/[\\*?[\]{}]/g, (sign) => `\\${sign}`)
}

/** A word of a command line of systemd. */
function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, (sign) => `\\${sign}`).replaceAll('\n', '\\n')}"`
}

/** Not all versions can be told not to fill in variables. */
function literal(arg: string): string {
  return arg.replaceAll('$', '$$$$')
}
