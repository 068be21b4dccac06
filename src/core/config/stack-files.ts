import path from 'node:path'
import {HarnessError, isHarnessError} from '../base/errors.js'
import {findStackFile, isFile, overrideFileName, stackFileNames, standardInput} from './find-stack-file.js'
import type {Variables} from './interpolate.js'
import type {LoadOptions} from './load-options.js'
import {mergeNodes} from './merge.js'
import {isNull, type Node} from './node.js'
import {parsePlain} from './parse-plain.js'
import type {Problems} from './problems.js'
import {readBounded} from './read-bounded.js'
import {readIncludes, type Include} from './read-include.js'
import {readSource} from './read-source.js'
import {sourceOf, type Source} from './source.js'

/** A parsed stack file with all that it includes. */
export interface StackFile {
  readonly node: Node
  /** Where the relative paths of its services start. */
  readonly directory: string
  readonly variables: Variables
  readonly includes: readonly StackFile[]
}

export interface LoadedFiles {
  /** As people know the file. */
  readonly shown: string
  /** Absolute. */
  readonly file: string
  readonly directory: string
  /** What the `.env` file beside it says. */
  readonly dotenv: ReadonlyMap<string, string>
  /** The variables that were asked for, with what they came to; more come as the files are read. */
  readonly asked: ReadonlyMap<string, string | undefined>
  /** Missing when one of the files cannot be read as YAML; the problems say why. */
  readonly root?: StackFile
}

/** Finds, reads and parses the stack file, those that are merged over it, and those that it includes. CONFIG_NOT_FOUND is thrown. */
export async function loadStackFiles(options: LoadOptions, problems: Problems): Promise<LoadedFiles> {
  const files = await chooseFiles(options)
  const [main = ''] = files
  const directory = main === standardInput ? path.resolve(options.cwd) : path.dirname(main)
  const dotenv = await readDotenvBeside(directory, problems, options)
  const asked = new Map<string, string | undefined>()
  const loaded = {shown: shownAs(options, main), file: path.resolve(options.cwd, main), directory, dotenv, asked}
  const loader: Loader = {options, problems, asked, done: new Map()}
  const nodes: Node[] = []
  for (const file of files) {
    const node = await parseFile(loader, file)
    if (node) nodes.push(node)
  }
  if (nodes.length < files.length) return loaded
  const variables = variablesOf(options, [dotenv], asked)
  const root = {node: mergeFiles(nodes), directory, variables}
  const chain = files.map((file) => ({file, shown: shownAs(options, file)}))
  return {...loaded, root: {...root, includes: await loadIncludes(loader, root, {chain, dotenv})}}
}

interface Loader {
  readonly options: LoadOptions
  readonly problems: Problems
  readonly asked: Map<string, string | undefined>
  /** A file that several others include is read once. */
  readonly done: Map<string, StackFile | undefined>
}

interface Around {
  /** The files that led here, outermost first. */
  readonly chain: readonly {readonly file: string; readonly shown: string}[]
  /** What the outermost `.env` file says; it stands above that beside an included file. */
  readonly dotenv: ReadonlyMap<string, string>
}

async function loadIncludes(
  loader: Loader,
  {node, variables}: Pick<StackFile, 'node' | 'variables'>,
  around: Around,
): Promise<readonly StackFile[]> {
  const {problems} = loader
  const includes = readIncludes({problems, variables, places: new Map()}, {node, path: ''})
  const files: StackFile[] = []
  for (const include of includes) {
    const file = await loadInclude(loader, include, around)
    if (file) files.push(file)
  }
  return files
}

async function loadInclude(loader: Loader, include: Include, around: Around): Promise<StackFile | undefined> {
  const {options, problems, asked, done} = loader
  const {file, place} = include
  const shown = shownAs(options, file)
  const start = around.chain.findIndex((each) => each.file === file)
  if (start >= 0) {
    const circle = [...around.chain.slice(start).map((each) => each.shown), shown].join(' → ')
    const message = `The files include each other in a circle: ${circle}.`
    problems.add(place, {code: 'CONFIG_CYCLE', message, suggestion: 'take one of these steps away'})
    return undefined
  }
  if (done.has(file)) return done.get(file)
  const node = await parseFile(loader, file, (reason) => {
    const message = `${place.path} names '${shown}', which cannot be read: ${reason}.`
    const suggestion = 'a path starts at the file that it is written in'
    problems.add(place, {code: 'CONFIG_INVALID_VALUE', message, suggestion})
  })
  if (node === undefined) return undefined
  const directory = path.dirname(file)
  const own = await readDotenvBeside(directory, problems, options)
  const read = {node, directory, variables: variablesOf(options, [around.dotenv, own], asked)}
  const chain = [...around.chain, {file, shown}]
  const whole = {...read, includes: await loadIncludes(loader, read, {...around, chain})}
  done.set(file, whole)
  return whole
}

/** `undefined` when it is not YAML, or not there and somebody is told so. */
async function parseFile(
  {options, problems}: Loader,
  file: string,
  whenMissing?: (reason: string) => void,
): Promise<Node | undefined> {
  const at: Pick<Source, 'directory' | 'file'> = {
    file: shownAs(options, file),
    directory: file === standardInput ? path.resolve(options.cwd) : path.dirname(file),
  }
  try {
    const source = await readSource(file, options.stdin)
    if ('text' in source) {
      const whole = sourceOf(at, source.text)
      const plain = parsePlain(whole)
      if (plain) return plain
      // Only here: most commands, and most files, do without the library.
      const {parseYaml} = await import('./parse-yaml.js')
      return parseYaml(whole, problems)
    }
    const {problem: message, line} = source
    problems.push({severity: 'error', code: 'CONFIG_SYNTAX', message, path: '', file: at.file, line})
  } catch (error) {
    if (whenMissing === undefined || !isHarnessError(error) || error.code !== 'CONFIG_NOT_FOUND') throw error
    whenMissing(error.reason ?? 'it is not there')
  }
  return undefined
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

/** The caller's environment stands above all files. */
function variablesOf(
  {env}: LoadOptions,
  dotenvs: readonly ReadonlyMap<string, string>[],
  asked = new Map<string, string | undefined>(),
): Variables {
  return (name) => {
    const given = Object.hasOwn(env, name) ? env[name] : undefined
    const value = given ?? dotenvs.find((dotenv) => dotenv.has(name))?.get(name)
    asked.set(name, value)
    return value
  }
}

/** Nobody has asked for this file by name: what is wrong in it is a warning, unless it is none that can be read to its end. */
async function readDotenvBeside(
  directory: string,
  problems: Problems,
  options: LoadOptions,
): Promise<ReadonlyMap<string, string>> {
  const file = path.join(directory, '.env')
  const read = readBounded(file)
  if (read.kind === 'refused') {
    const message = `The file of variables beside the stack file cannot be read: ${read.reason}.`
    const suggestion = "move it away, or name a smaller file under 'env_file'"
    problems.push({
      severity: 'error',
      code: 'CONFIG_INVALID_VALUE',
      message,
      suggestion,
      path: '',
      file: shownAs(options, file),
    })
  }
  const text = read.kind === 'read' ? read.bytes.toString() : ''
  if (text === '') return new Map()
  const {readDotenv} = await import('./dotenv.js')
  const {variables, problems: found} = readDotenv(text, {variables: variablesOf(options, [])})
  for (const problem of found) problems.pushLine(shownAs(options, file), {...problem, severity: 'warning'})
  return variables
}

function shownAs(options: LoadOptions, file: string): string {
  if (file === standardInput) return '<stdin>'
  const relative = path.relative(options.cwd, file)
  return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? file : relative
}
