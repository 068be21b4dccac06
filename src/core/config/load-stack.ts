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
import {invalidStack, Problems, type LocatedDiagnostic} from './problems.js'
import {readStack} from './read-stack.js'
import type {Reading} from './reading.js'

export interface LoadOptions {
  /** `-c FILE`, in order; `-` is standard input. Without any, the stack file is looked for upwards from `cwd`. */
  readonly files?: readonly string[] | undefined
  readonly cwd: string
  /** The caller's environment, for `${VARIABLES}`. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin?: () => Promise<string>
}

export interface LoadedStack {
  readonly definition: StackDefinition
  /** Where a part of the definition was written. */
  readonly locate: Locate
  readonly warnings: readonly LocatedDiagnostic[]
}

const maxBytes = 1024 * 1024

/** Reads, merges and checks a stack file. CONFIG_NOT_FOUND, or CONFIG_INVALID with all its problems in `details.diagnostics`. */
export async function loadStack(options: LoadOptions): Promise<LoadedStack> {
  const files = await chooseFiles(options)
  const [main = ''] = files
  const problems = new Problems()
  const refuse = (): HarnessError => invalidStack(shownAs(options, main), problems.all())
  const nodes: Node[] = []
  // Only here, so that commands which only look for a stack file do not pay for a YAML parser.
  const {parseYaml} = await import('./parse-yaml.js')
  for (const file of files) {
    const text = await readSource(options, file, problems)
    const node = text === undefined ? undefined : parseYaml(shownAs(options, file), text, problems)
    if (node) nodes.push(node)
  }
  if (nodes.length < files.length) throw refuse()
  const top: Place = {node: mergeFiles(nodes), path: ''}
  const directory = main === standardInput ? path.resolve(options.cwd) : path.dirname(main)
  const reading: Reading = {problems, variables: await readVariables(options, directory), places: new Map()}
  const definition = readStack(reading, top, {file: path.resolve(options.cwd, main), directory})
  const locate = locatePointer(reading.places)
  for (const each of locateDiagnostics(semantics(definition, problems), {locate})) problems.push(each)
  if (problems.errors().length > 0) throw refuse()
  return {definition: freeze(definition), locate, warnings: problems.all()}
}

/** A file with nothing but comments changes nothing. */
function mergeFiles(nodes: readonly Node[]): Node {
  const written = nodes.filter((node) => !isNull(node))
  return (written.length > 0 ? written : nodes).reduce((base, over) => mergeNodes(base, over))
}

/** What was not read well would be reported a second time as unknown or unreachable. */
function semantics(definition: StackDefinition, problems: Problems): Diagnostic[] {
  const doubtful = problems
    .errors()
    .some(
      ({code, path: where}) =>
        /\.(dependencies|ports)\b/.test(where) ||
        (code !== 'CONFIG_INVALID_NAME' && code !== 'CONFIG_MISSING_KEY' && /^(services|tasks)(\.[^.]*)?$/.test(where)),
    )
  return checkGraph(definition, {references: !doubtful})
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
