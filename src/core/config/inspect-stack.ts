import {HarnessError} from '../base/errors.js'
import type {Diagnostic} from '../contract/diagnostic.js'
import type {StackDefinition} from '../contract/stack.js'
import {assemble} from './assemble.js'
import {checkGraph} from './check-graph.js'
import {extendEntries} from './extend.js'
import {environmentNames} from './lay-environment.js'
import type {LoadOptions} from './load-options.js'
import {locatePointer, locateDiagnostics, type Locate} from './locate-diagnostics.js'
import type {Place} from './node.js'
import {Problems, type LocatedDiagnostic} from './problems.js'
import {readStack} from './read-stack.js'
import type {Reading} from './reading.js'
import {loadStackFiles, type LoadedFiles, type StackFile} from './stack-files.js'
import {didYouMean} from './suggest.js'
import {unsureParts, withoutConsequences, type Unsure} from './unsure.js'

export interface InspectedStack {
  /** As people know the file. */
  readonly shown: string
  /** Every part of it as far as that could be read; missing when the file cannot be read at all. */
  readonly definition?: StackDefinition
  /** Where a part of the definition was written. */
  readonly locate: Locate
  /** Each part of the definition, by its JSON pointer, with the place that it was read from. */
  readonly places: () => ReadonlyMap<string, Place>
  /** In the order of the lines. Without an error among them the definition is good. */
  readonly problems: readonly LocatedDiagnostic[]
  /** What the `.env` file beside the stack file says. */
  readonly dotenv: ReadonlyMap<string, string>
  /** The variables that the files refer to, with what they came to. */
  readonly asked: ReadonlyMap<string, string | undefined>
  /** Profiles that the chosen environment makes active. */
  readonly profiles: readonly string[]
  /** The names under `environments`. */
  readonly environments: readonly string[]
}

/** What is wrong with a definition, but for what follows from parts that could not be read. */
type Checks = (definition: StackDefinition, unsure: Unsure) => Promise<readonly Diagnostic[]>

/**
 * Reads and merges a stack file and finds all that can be found without plugins. CONFIG_NOT_FOUND is thrown. Who has the plugins and checks
 * the whole of it (`checkInspected`) gives checks that find nothing: nothing is to be found twice.
 */
export async function inspectStack(options: LoadOptions, checks: Checks = checkAlone): Promise<InspectedStack> {
  const problems = new Problems()
  const files = await loadStackFiles(options, problems)
  const {shown, dotenv, asked, root} = files
  if (root === undefined) {
    const places = () => new Map<string, Place>()
    const nothing = {places, profiles: [], environments: [], locate: () => undefined}
    return {...nothing, shown, dotenv, asked, problems: problems.all()}
  }
  const environments = environmentsOf(root)
  requireEnvironment(options.environment, environments)
  const reading: Reading = {problems, variables: root.variables}
  const {definition, profiles} = readFiles(reading, {...files, root}, options.environment)
  const places = once(() => placesIn({...files, root}, options.environment))
  const locate = locatePointer(places)
  const found = await checks(definition, unsureParts(problems.all()))
  for (const each of locateDiagnostics(found, {locate})) problems.push(each)
  return {
    shown,
    definition: freeze(definition),
    locate,
    places,
    problems: withoutConsequences(problems.all()),
    dotenv,
    asked,
    profiles,
    environments,
  }
}

function readFiles(
  reading: Reading,
  {file, directory, root}: LoadedFiles & {readonly root: StackFile},
  environment: string | undefined,
): {readonly definition: StackDefinition; readonly profiles: readonly string[]} {
  const assembled = assemble(reading, root, environment)
  const whole = {...assembled, top: extendEntries(reading, assembled.top)}
  const definition = readStack(reading, whole, {file, directory, ...(environment === undefined ? {} : {environment})})
  return {definition, profiles: assembled.profiles}
}

/** Of a good file nobody asks where a part was written, and to note that of each costs more than to read a bad one again. */
function placesIn(files: LoadedFiles & {readonly root: StackFile}, environment: string | undefined) {
  const places = new Map<string, Place>()
  readFiles({problems: new Problems(), variables: files.root.variables, places}, files, environment)
  return places
}

function once<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined
  return () => (made ??= make())
}

function environmentsOf(file: StackFile): readonly string[] {
  return [...new Set([...environmentNames(file.node), ...file.includes.flatMap(environmentsOf)])]
}

/** USAGE for an environment that is in none of the files. */
function requireEnvironment(wanted: string | undefined, known: readonly string[]): void {
  if (wanted === undefined || known.includes(wanted)) return
  const there = known.length === 0 ? 'has no environments' : `has the environments ${known.join(', ')}`
  const near = didYouMean(wanted, known)
  throw new HarnessError('USAGE', {
    subject: `--env ${wanted}`,
    reason: `the stack file ${there}`,
    hint: near === undefined ? "Leave --env out, or add it under 'environments'." : near.replace(/^d/, 'D'),
  })
}

async function checkAlone(definition: StackDefinition, unsure: Unsure): Promise<readonly Diagnostic[]> {
  return [...checkGraph(definition, {unsure}), ...(await checkAnySchedules(definition))]
}

/** The parser of cron expressions is loaded for those that have one. */
async function checkAnySchedules(definition: StackDefinition): Promise<Diagnostic[]> {
  if (Object.values(definition.tasks).every(({schedule}) => schedule === undefined)) return []
  const {checkSchedules} = await import('./check-schedules.js')
  return checkSchedules(definition)
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) freeze(inner)
  return Object.freeze(value)
}
