import {readFile, stat} from 'node:fs/promises'
import path from 'node:path'
import {HarnessError, systemCode} from '../base/errors.js'
import type {Diagnostic} from '../contract/diagnostic.js'
import type {StackDefinition} from '../contract/stack.js'
import {checkGraph} from './check-graph.js'
import {parseDotenv} from './dotenv.js'
import {findStackFile, isFile, overrideFileName, stackFileNames, standardInput} from './find-stack-file.js'
import {locatePointer, locateDiagnostics, type Locate} from './locate-diagnostics.js'
import {mergeNodes} from './merge.js'
import {isNull, type Node, type Place} from './node.js'
import {Problems, type LocatedDiagnostic} from './problems.js'
import {readStack} from './read-stack.js'
import type {Reading} from './reading.js'
import {unsureParts} from './unsure.js'

export interface LoadOptions {
  /** `-c FILE`, in order; `-` is standard input. Without any, the stack file is looked for upwards from `cwd`. */
  readonly files?: readonly string[] | undefined
  readonly cwd: string
  /** The caller's environment, for `${VARIABLES}`. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin?: () => Promise<string>
}

export interface InspectedStack {
  /** As people know the file. */
  readonly shown: string
  /** Every part of it as far as that could be read; missing when the file cannot be read at all. */
  readonly definition?: StackDefinition
  /** Where a part of the definition was written. */
  readonly locate: Locate
  /** In the order of the lines. Without an error among them the definition is good. */
  readonly problems: readonly LocatedDiagnostic[]
}

const maxBytes = 1024 * 1024

/** Reads and merges a stack file and finds all that can be found without plugins. CONFIG_NOT_FOUND is thrown. */
export async function inspectStack(options: LoadOptions): Promise<InspectedStack> {
  const files = await chooseFiles(options)
  const [main = ''] = files
  const shown = shownAs(options, main)
  const problems = new Problems()
  const nodes: Node[] = []
  // Only here, so that commands which only look for a stack file do not pay for a YAML parser.
  const {parseYaml} = await import('./parse-yaml.js')
  for (const file of files) {
    const text = await readSource(options, file, problems)
    const node = text === undefined ? undefined : parseYaml(shownAs(options, file), text, problems)
    if (node) nodes.push(node)
  }
  if (nodes.length < files.length) return {shown, locate: () => undefined, problems: problems.all()}
  const top: Place = {node: mergeFiles(nodes), path: ''}
  const directory = main === standardInput ? path.resolve(options.cwd) : path.dirname(main)
  const reading: Reading = {problems, variables: await readVariables(options, directory), places: new Map()}
  const definition = readStack(reading, top, {file: path.resolve(options.cwd, main), directory})
  const locate = locatePointer(reading.places)
  const found = [
    ...checkGraph(definition, {unsure: unsureParts(problems.all())}),
    ...(await checkAnySchedules(definition)),
  ]
  for (const each of locateDiagnostics(found, {locate})) problems.push(each)
  return {shown, definition: freeze(definition), locate, problems: problems.all()}
}

/** The parser of cron expressions is loaded for those that have one. */
async function checkAnySchedules(definition: StackDefinition): Promise<Diagnostic[]> {
  if (Object.values(definition.tasks).every(({schedule}) => schedule === undefined)) return []
  const {checkSchedules} = await import('./check-schedules.js')
  return checkSchedules(definition)
}

/** A file with nothing but comments changes nothing. */
function mergeFiles(nodes: readonly Node[]): Node {
  const written = nodes.filter((node) => !isNull(node))
  return (written.length > 0 ? written : nodes).reduce((base, over) => mergeNodes(base, over))
}

async function chooseFiles(options: LoadOptions): Promise<readonly string[]> {
  const given = options.files ?? []
  if (given.length > 0) return given.map((file) => (file === standardInput ? file : path.resolve(options.cwd, file)))
  const found = await findStackFile(options.cwd)
  if (found === undefined) {
    throw new HarnessError('CONFIG_NOT_FOUND', {
      subject: options.cwd,
      reason: `neither there nor in a folder above is one of ${stackFileNames.join(', ')}`,
    })
  }
  const override = path.join(path.dirname(found), overrideFileName)
  return (await isFile(override)) ? [found, override] : [found]
}

async function readSource(options: LoadOptions, file: string, problems: Problems): Promise<string | undefined> {
  const bytes = file === standardInput ? Buffer.from((await options.stdin?.()) ?? '') : await readBytes(file)
  const refuse = (message: string): void => {
    problems.push({severity: 'error', code: 'CONFIG_SYNTAX', message, path: '', file: shownAs(options, file)})
  }
  if (bytes.length > maxBytes) {
    refuse('The file is larger than 1 MiB.')
    return undefined
  }
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes)
  } catch {
    refuse('The file is not UTF-8 text.')
    return undefined
  }
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    const {size} = await stat(file)
    return size > maxBytes ? new Uint8Array(maxBytes + 1) : await readFile(file)
  } catch (error) {
    const reason = systemCode(error) === 'EISDIR' ? 'it is a folder' : (systemCode(error) ?? 'it cannot be read')
    const why = reason === 'ENOENT' ? 'there is no such file' : reason
    throw new HarnessError('CONFIG_NOT_FOUND', {subject: file, reason: why, cause: error})
  }
}

/** The caller's environment stands above the `.env` file beside the stack file. */
async function readVariables(options: LoadOptions, directory: string): Promise<(name: string) => string | undefined> {
  const text = await readFile(path.join(directory, '.env'), 'utf8').catch(() => '')
  const fromFile = parseDotenv(text)
  return (name) => (Object.hasOwn(options.env, name) ? options.env[name] : undefined) ?? fromFile.get(name)
}

function shownAs(options: LoadOptions, file: string): string {
  if (file === standardInput) return '<stdin>'
  const relative = path.relative(options.cwd, file)
  return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? file : relative
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) freeze(inner)
  return Object.freeze(value)
}
