import path from 'node:path'
import type {JsonObject} from '../../base/json.js'
import type {Origin} from '../converted.js'
import {given} from '../given.js'
import {literal} from '../literal.js'
import type {Part} from '../part.js'
import {relocate, workingDirectory} from '../relocate.js'
import {shellFields, type Shell} from '../shell-line.js'
import type {Availability} from './availability.js'
import {daemonScript} from './daemon-script.js'
import {readDependencies, type Processes} from './dependencies.js'
import {ownVariables, readEnvironment} from './environment.js'
import {readHealth} from './health.js'
import {readSchedule} from './schedule.js'
import type {Shutdown} from './shutdown.js'
import type {Surveyed} from './survey.js'
import {expandText, expandValue, renderText, type Scope} from './texts.js'
import {unsupportedOfProcess} from './unsupported.js'
import {readWatching} from './watching.js'

/** What holds for all processes of a file. */
export interface Project extends Processes {
  readonly origin: Origin
  readonly shell: Shell
}

export interface Process {
  /** As process-compose calls it. */
  readonly name: string
  readonly replica: number
  readonly scope: Scope
  readonly surveyed: Surveyed
  readonly part: Part
  readonly availability: Availability
  readonly shutdown: Shutdown
}

/** A process that is started once and looked after. */
export function readService(project: Project, process: Process): JsonObject {
  const {part, scope, surveyed, availability, shutdown} = process
  const {profile, replicas, unrolled} = surveyed
  const directory = renderText(scope, part, 'working_dir') ?? ''
  const isDaemon = part.flag('is_daemon')
  const {restart, ...health} = readHealth({scope, shell: project.shell, directory}, part, availability)
  const {stop_command: _, ...stopFields} = shutdown.fields
  const fields = given({
    description: renderText(scope, part, 'description'),
    type: 'process',
    ...readCommand(project, process, isDaemon),
    ...workingDirectory(project.origin, directory),
    profiles: profile && [profile],
    ...readVariables(project, process, directory),
    replicas: replicas > 1 && !unrolled ? replicas : undefined,
    dependencies: readDependencies(project, surveyed, part),
    ...health,
    restart,
    success_exit_codes: part.texts('success_exit_codes').map(Number),
    ...(isDaemon ? stopFields : shutdown.fields),
    watch: readWatching(project.origin, part.part('watch'), directory),
  })
  if (isDaemon)
    part.note(
      'is_daemon',
      'is a shell here that stays while the program runs in the background; better: have it stay in the foreground',
    )
  if (profile === 'foreground') part.note('is_foreground', `is not started by itself: \`harness start\` it by name`)
  part.leftOvers(unsupportedOfProcess)
  return fields
}

/** A process with a schedule. */
export function readTask(project: Project, process: Process): JsonObject {
  const {part, scope, surveyed, availability} = process
  const directory = renderText(scope, part, 'working_dir') ?? ''
  const {restart} = availability
  const schedule = readSchedule(part)
  const {PC_REPLICA_NUM: _, ...variables} = readVariables(project, process, directory)
  const fields = given({
    description: renderText(scope, part, 'description'),
    task_type: 'command',
    target: {
      type: 'process',
      ...readCommand(project, process, false),
      ...workingDirectory(project.origin, directory),
    },
    ...variables,
    dependencies: readDependencies(project, surveyed, part),
    timeout: '24d',
    retries: restart && {
      attempts: Math.min(Number(restart['max_attempts']), 1000),
      delay: restart['delay'] ?? '1s',
      factor: 1,
    },
    schedule: surveyed.profile === undefined ? schedule : undefined,
    shutdown_timeout: process.shutdown.fields['shutdown_timeout'],
  })
  if (surveyed.profile !== undefined) part.note('disabled', 'has no schedule here: `harness task run` runs it')
  part.leftOvers({
    ...unsupportedOfProcess,
    readiness_probe: 'has no equivalent: a task is done or not',
    liveness_probe: 'has no equivalent: a task is done or not',
    ready_log_line: 'has no equivalent: a task is done or not',
    is_daemon: 'has no equivalent',
    watch: 'has no equivalent',
    success_exit_codes: 'has no equivalent: a task has succeeded when its code is 0',
  })
  return fields
}

/** Through a shell, as process-compose runs it; `entrypoint` without one. */
function readCommand({shell}: Project, {part, scope, shutdown, surveyed}: Process, isDaemon: boolean): JsonObject {
  const raw = part.flag('is_template_disabled')
  const line = raw ? expandText(scope, part, 'command', 'shell') : renderText(scope, part, 'command', 'shell')
  const entrypoint = part.texts('entrypoint')
  if (line !== undefined && line !== '') {
    const counted = surveyed.replicas > 1 && !surveyed.unrolled && countsItself(part) ? countingPrefix + line : line
    return shellFields(shell, isDaemon ? daemonScript(counted, shutdown.command) : counted)
  }
  const [binary, ...args] = entrypoint.map((text, index) =>
    expandValue(scope, part, `entrypoint[${index}]`, {text, place: 'plain'}),
  )
  if (binary === undefined) return part.wrong('command', 'a command', undefined)
  return given({binary, args})
}

const countingPrefix = literal('export PC_REPLICA_NUM=$((HARNESS_REPLICA - 1)); ')

function countsItself(part: Part): boolean {
  return 'PC_REPLICA_NUM' in ownVariables(part, '', 0)
}

function readVariables({origin}: Project, {name, replica, part, scope, surveyed}: Process, directory: string) {
  const file = expandText(scope, part, 'env_file')
  const own = ownVariables(part, name, replica)
  const {PC_REPLICA_NUM: _, ...shared} = own
  const known = surveyed.replicas > 1 && !surveyed.unrolled ? shared : own
  return given({
    env_file:
      file === undefined || file === '' ? undefined : {path: envFilePath(origin, file, directory), required: false},
    env: {...known, ...readEnvironment(scope, part, 'process')},
  })
}

/** Relative to the working directory of its process. */
function envFilePath(origin: Origin, file: string, directory: string): string {
  return relocate(origin, path.isAbsolute(file) ? file : path.join(directory, file))
}
