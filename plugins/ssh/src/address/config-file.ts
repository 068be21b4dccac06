import {readFile} from 'node:fs/promises'
import {readdirSync} from 'node:fs'
import path from 'node:path'
import {matchesPatterns} from './match-pattern.js'

/** A line of a configuration of OpenSSH. */
export interface ConfigLine {
  /** In lower case. */
  readonly key: string
  readonly values: readonly string[]
  /** `FILE:LINE`, for people. */
  readonly at: string
}

/** What cannot be read, and where. */
export class ConfigProblem extends Error {
  constructor(
    readonly at: string,
    reason: string,
  ) {
    super(reason)
  }
}

export interface ConfigPlace {
  readonly home: string
  /** Where relative names of included files start. */
  readonly folder: string
}

const deepest = 16

/**
 * The lines that hold for a host, in order: of each key the first counts, but for those that add up. A file that is missing has none. What is included stands
 * where it is included, and only for the hosts of that place.
 */
export async function configLinesFor(
  file: string,
  host: string,
  place: ConfigPlace,
  debug: (message: string) => void = () => undefined,
): Promise<readonly ConfigLine[]> {
  const lines: ConfigLine[] = []
  await collect({file, host, place, debug, lines, depth: 0}, true)
  return lines
}

interface Walk {
  readonly file: string
  readonly host: string
  readonly place: ConfigPlace
  readonly debug: (message: string) => void
  readonly lines: ConfigLine[]
  readonly depth: number
}

async function collect(walk: Walk, isActiveOutside: boolean): Promise<void> {
  const {file, host, place, debug, lines, depth} = walk
  let isActive = isActiveOutside
  for (const line of linesIn(await textOf(file), file)) {
    if (line.key === 'host') isActive = isActiveOutside && matchesPatterns(line.values, host)
    else if (line.key === 'match') isActive = matchesAll(line, debug) && isActiveOutside
    else if (line.key === 'include') {
      if (depth >= deepest) throw new ConfigProblem(line.at, 'files include each other too deep')
      const included = line.values.flatMap((pattern) => filesOf(pattern, place))
      for (const other of isActive ? included : []) await collect({...walk, file: other, depth: depth + 1}, true)
    } else if (isActive) lines.push(line)
  }
}

function matchesAll({values, at}: ConfigLine, debug: Walk['debug']): boolean {
  const isAll = values.length === 1 && values[0]?.toLowerCase() === 'all'
  if (!isAll) debug(`${at}: 'Match ${values.join(' ')}' is not looked at; harness knows 'Match all'`)
  return isAll
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return ''
    throw new ConfigProblem(file, `it cannot be read (${code ?? String(error)})`)
  }
}

function* linesIn(text: string, file: string): Generator<ConfigLine> {
  for (const [index, written] of text.split('\n').entries()) {
    const [, key, rest = ''] = /^\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+|$)(.*)$/s.exec(written) ?? []
    if (key === undefined) {
      if (/^\s*(#|$)/.test(written)) continue
      throw new ConfigProblem(`${file}:${index + 1}`, 'a keyword is expected at the beginning of the line')
    }
    const at = `${file}:${index + 1}`
    const values = wordsIn(rest, at)
    if (values.length === 0) throw new ConfigProblem(at, `'${key}' has no value`)
    yield {key: key.toLowerCase(), values, at}
  }
}

/** Words between spaces; quotes hold several together, `\` takes a quote, a space or itself as it is, and `#` begins a comment. */
function wordsIn(text: string, at: string): readonly string[] {
  const words: string[] = []
  const token = /\s*(?:#.*$|((?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\\.|[^\s"'\\])+|["'\\].*))/gsy
  for (let found = token.exec(text); found?.[1] !== undefined; found = token.exec(text)) {
    const [, word] = found
    if (/^["'\\]/.test(word) && !/^(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\\.)/s.test(word))
      throw new ConfigProblem(at, 'a quote is not closed')
    words.push(
      word.replace(
        /"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|\\(["' \\])/gs,
        (all, double?: string, single?: string, one?: string) =>
          one ?? (double ?? single ?? all).replace(/\\(["'\\])/g, '$1'),
      ),
    )
  }
  return words
}

function filesOf(pattern: string, {home, folder}: ConfigPlace): readonly string[] {
  const full = path.resolve(folder, pattern.replace(/^~(?=\/|$)/, home))
  return expand(
    path.parse(full).root,
    full.split(path.sep).filter((part) => part !== ''),
  )
}

function expand(folder: string, [part, ...rest]: readonly string[]): readonly string[] {
  if (part === undefined) return [folder]
  if (!/[*?]/.test(part)) return expand(path.join(folder, part), rest)
  return namesIn(folder)
    .filter((name) => (part.startsWith('.') || !name.startsWith('.')) && matchesPatterns([part], name))
    .sort()
    .flatMap((name) => expand(path.join(folder, name), rest))
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
