import type {JsonObject} from '../../base/json.js'
import {withAwaitedEnds} from '../awaited-ends.js'
import type {Converted, Origin} from '../converted.js'
import {given} from '../given.js'
import {literal} from '../literal.js'
import {Notes} from '../notes.js'
import {parseMap} from '../parse-source.js'
import {Part} from '../part.js'
import {bash, shellCommand, type Shell} from '../shell-line.js'
import {renamed, stackNames} from '../stack-names.js'
import {readAvailability} from './availability.js'
import {noteExit, type Exit} from './exits.js'
import {readEnvironment} from './environment.js'
import {extendProcesses} from './extend-processes.js'
import type {Vars} from './go-template.js'
import {readService, readTask, type Project} from './read-process.js'
import {readShutdown} from './shutdown.js'
import {replicaNames, survey, type Surveyed} from './survey.js'
import {expandText, expandValue, type Scope} from './texts.js'
import {unsupportedOfProject} from './unsupported.js'

/** The shell's own word for the number that process-compose counts from 0. */
const replicaNumber = literal('$((HARNESS_REPLICA - 1))')

/** A process-compose.yaml. CONFIG_INVALID when it is none. */
export function readProcessCompose(origin: Origin, text: string): Converted {
  const notes = new Notes()
  const top = new Part(parseMap(origin.file, text), {file: origin.file, path: '', notes})
  const expands = !top.flag('disable_env_expansion')
  const scope: Scope = {expands, vars: readVars({expands, vars: new Map()}, top)}
  const surveyed = survey(extendProcesses(top.parts('processes')))
  if (surveyed.size === 0) top.wrong('processes', 'a map of processes', undefined)
  const names = stackNames(
    [...surveyed].flatMap(([name, each]) => (each.unrolled ? replicaNames(name, each.replicas) : [name])),
  )
  const project: Project = {origin, shell: readShell(scope, top.part('shell')), surveyed, names}
  const read = [...surveyed].map(([name, each]) => readProcess(project, scope, name, each))
  const commands = readCommands(scope, top, project.shell)
  const converted = {
    top: given({
      name: readName(scope, top),
      secrets: commands.secrets,
      env: {...readEnvironment(scope, top, 'project'), ...commands.env},
    }),
    tasks: Object.fromEntries(read.flatMap(({tasks}) => tasks)),
  }
  top.leftOvers(unsupportedOfProject)
  const services = withAwaitedEnds(Object.fromEntries(read.flatMap(({services: own}) => own)), converted.tasks, notes)
  const exits = read.flatMap(({exit}) => exit)
  const [only] = exits
  for (const exit of exits) noteExit(exit)
  return {...converted, services, notes: notes.all(), ...(only && exits.length === 1 ? {exitCodeFrom: only.name} : {})}
}

interface Read {
  readonly services: readonly (readonly [name: string, fields: JsonObject])[]
  readonly tasks: readonly (readonly [name: string, fields: JsonObject])[]
  readonly exit: readonly Exit[]
}

function readProcess(project: Project, outer: Scope, foreign: string, surveyed: Surveyed): Read {
  const {replicas, unrolled, kind} = surveyed
  const all = unrolled ? replicaNames(foreign, replicas) : [foreign]
  const read = all.map((each, replica) => {
    const name = project.names.get(each) ?? each
    const part = surveyed.part.about(name)
    if (name !== each) part.note('', renamed(name))
    const scope = scopeOf(outer, part, {replica, counts: replicas > 1 && !unrolled})
    const availability = readAvailability(scope, part.part('availability'))
    const shutdown = readShutdown(scope, part.part('shutdown'), project.shell)
    for (const key of ['replicas', 'disabled', 'is_disabled', 'is_foreground', 'extends', 'name']) part.value(key)
    if (unrolled) part.note('replicas', `is a service for each of the ${replicas}: they differ in PC_REPLICA_NUM`)
    else if (replicas > 1) part.note('replicas', `are called ${name}, ${name}-2, …; HARNESS_REPLICA counts from 1`)
    const process = {name: foreign, replica, scope, surveyed, part, availability, shutdown}
    const fields = kind === 'task' ? readTask(project, process) : readService(project, process)
    return {
      name,
      fields,
      exit: availability.ends === 'never' || kind === 'task' ? [] : [{name, part, ends: availability.ends}],
    }
  })
  const entries = read.map(({name, fields}) => [name, fields] as const)
  const exit = read.flatMap((each) => each.exit)
  return kind === 'task' ? {services: [], tasks: entries, exit} : {services: entries, tasks: [], exit}
}

function scopeOf(
  outer: Scope,
  part: Part,
  {replica, counts}: {readonly replica: number; readonly counts: boolean},
): Scope {
  const vars = new Map([...outer.vars, ...readVars(outer, part), ['PC_REPLICA_NUM', String(replica)] as const])
  return {...outer, vars, ...(counts ? {replicaNumber} : {})}
}

function readVars(scope: Scope, part: Part): Vars {
  const vars = part.part('vars')
  return new Map(vars?.keys.map((name) => [name, expandText(scope, vars, name) ?? '<no value>']) ?? [])
}

function readShell(scope: Scope, part: Part | undefined): Shell {
  if (part === undefined) return bash
  const command = expandText(scope, part, 'shell_command') ?? bash.command
  const argument = expandText(scope, part, 'shell_argument') ?? bash.argument
  part.leftOvers({elevated_shell_command: '', elevated_shell_argument: ''})
  return {command, argument}
}

function readName(scope: Scope, top: Part): string | undefined {
  const name = expandText(scope, top, 'name')
  if (name === undefined || name === '') return undefined
  const [valid = name] = stackNames([name]).values()
  if (valid !== name) top.note('name', renamed(valid))
  return valid
}

/** Variables that commands print: secrets are read the same way, and only when something starts. */
function readCommands(scope: Scope, top: Part, shell: Shell): {readonly secrets: JsonObject; readonly env: JsonObject} {
  const commands = top.part('env_cmds')
  const names = commands?.keys ?? []
  if (names.length > 0)
    top.note('env_cmds', 'are secrets here: they are run at each start, and their values are masked')
  return {
    secrets: Object.fromEntries(
      names.map((name) => {
        const text = commands?.text(name) ?? ''
        const line = expandValue(scope, top, `env_cmds.${name}`, {text, place: 'shell'})
        return [name, {command: shellCommand(shell, line)}]
      }),
    ),
    env: Object.fromEntries(names.map((name) => [name, `\${secret.${name}}`])),
  }
}
