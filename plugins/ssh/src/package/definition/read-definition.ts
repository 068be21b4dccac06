import {readFile} from 'node:fs/promises'
import path from 'node:path'
import type {Recipe} from '../manifest.js'
import {PackageProblem, wordsOf} from '../problem.js'
import {Field} from './fields.js'
import {readRecipe, recipeKeys} from './read-recipe.js'

/** Says what a folder is as a package. */
export const definitionFile = 'harness-package.yaml'

/** What a package is made from. */
export interface Definition {
  readonly recipe: Recipe
  /** The same as it is written. */
  readonly written: Readonly<Record<string, unknown>>
  /** Globs; files that fit one of them are packed. */
  readonly include: readonly string[]
  /** Globs; files that fit one of them are not. */
  readonly exclude: readonly string[]
}

/** PACKAGE_INVALID, with the first thing that is wrong. */
export async function readDefinition(folder: string): Promise<Definition> {
  const file = path.join(folder, definitionFile)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const reason = isMissing ? 'there is no such file' : wordsOf(error)
    throw new PackageProblem(file, reason, `Write it: docs for it are in the README of the plugin 'ssh'.`, error)
  })
  const root = new Field(file, '', await parse(text, file))
  const field = root.keys(...recipeKeys, 'include', 'exclude')
  return {
    recipe: readRecipe(field),
    written: Object.fromEntries(recipeKeys.flatMap((key) => (field(key).isThere ? [[key, field(key).value]] : []))),
    include: field('include').texts('a list of globs') ?? ['**'],
    exclude: field('exclude').texts('a list of globs') ?? [],
  }
}

async function parse(text: string, file: string): Promise<unknown> {
  const {parseDocument} = await import('yaml')
  const document = parseDocument(text, {version: '1.2', prettyErrors: true})
  const [first] = document.errors
  if (first) {
    const [line = first.message] = first.message.split('\n')
    throw new PackageProblem(
      file,
      `it is no YAML: ${line.replace(/:$/, '')}`,
      'Correct it, and build the package again.',
    )
  }
  return document.toJS({maxAliasCount: 100}) as unknown
}
