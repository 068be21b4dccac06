import type {Recipe, Script, ScriptName} from '../manifest.js'
import {scriptNames} from '../manifest.js'
import {pathProblem} from '../paths.js'
import type {Field} from './fields.js'
import {readHealth} from './read-health.js'
import {readScript} from './read-script.js'

/** The keys of a package's definition that say how it is run. */
export const recipeKeys = ['name', 'version', 'binaries', 'start', 'health', ...scriptNames] as const

type OfRecipe = (key: (typeof recipeKeys)[number]) => Field

const namePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/
// https://semver.org
const versionPattern =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/

/** PACKAGE_INVALID, with the first thing that is wrong. */
export function readRecipe(field: OfRecipe): Recipe {
  const name = readMatching(field('name'), namePattern, 'lower case letters, digits, ., _ and -, at most 64')
  const version = readMatching(field('version'), versionPattern, 'a semantic version, like 1.2.0')
  const binaries = field('binaries').named('a map of names to paths in the package') ?? {}
  for (const [key, file] of Object.entries(binaries)) {
    const problem = pathProblem(file)
    if (problem !== undefined) throw field('binaries').at(key).problem(`'binaries.${key}' ${problem}`)
  }
  const health = readHealth(field('health'))
  return {
    name,
    version,
    binaries,
    start: readStart(field('start')),
    ...(health && {health}),
    scripts: readScripts(field),
  }
}

function readMatching(field: Field, pattern: RegExp, what: string): string {
  const text = field.needed(field.scalar(what), what)
  if (pattern.test(text)) return text
  throw field.expected(what)
}

function readStart(field: Field): Recipe['start'] {
  field.needed(field.value, 'a map with the binary that is run')
  const key = field.keys('binary', 'args', 'working_dir', 'env')
  const binary = key('binary')
  const workingDir = key('working_dir').text('a folder in the package') ?? '.'
  const problem = workingDir === '.' ? undefined : pathProblem(workingDir)
  if (problem !== undefined) throw field.problem(`'start.working_dir' ${problem}`)
  return {
    binary: binary.needed(binary.text(), "a name of 'binaries', a path in the package, or a program of the machine"),
    args: key('args').texts() ?? [],
    workingDir,
    env: key('env').named() ?? {},
  }
}

function readScripts(field: OfRecipe): Recipe['scripts'] {
  const given = scriptNames.flatMap((name): readonly (readonly [ScriptName, Script])[] => {
    const script = readScript(field(name))
    return script === undefined ? [] : [[name, script]]
  })
  return Object.fromEntries(given)
}
