import {Field} from '../definition/fields.js'
import {readRecipe, recipeKeys} from '../definition/read-recipe.js'
import type {Manifest, PackagedFile} from '../manifest.js'
import {filesProblem} from '../paths.js'
import {PackageProblem} from '../problem.js'

/** The text of `manifest.json`: what the definition says, in its own words, and the files. */
export function manifestText(written: Readonly<Record<string, unknown>>, files: readonly PackagedFile[]): string {
  return `${JSON.stringify({format: 1, ...written, files}, null, 2)}\n`
}

/** Reads it again. PACKAGE_INVALID: nothing that anybody may have written there is believed. */
export function parseManifest(text: string, subject: string): Manifest {
  const field = new Field(subject, '', parsed(text, subject)).keys(...recipeKeys, 'format', 'files')
  if (field('format').value !== 1) {
    const reason = 'it was made by a newer harness, or is no package'
    throw new PackageProblem(subject, reason, 'Upgrade harness on this machine, or build the package with it.')
  }
  const list = field('files').value
  if (!Array.isArray(list)) throw field('files').expected('a list of files')
  const files = list.map((each: unknown, index) => readFile(new Field(subject, `files[${index}]`, each)))
  const wrong = filesProblem(files)
  if (wrong !== undefined)
    throw new PackageProblem(
      subject,
      wrong,
      'Use no package that you have not built or got from somebody whom you trust.',
    )
  return {...readRecipe(field), files}
}

function parsed(text: string, subject: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new PackageProblem(subject, 'its manifest is no JSON', 'Build it with `harness package build`.', error)
  }
}

function readFile(field: Field): PackagedFile {
  const key = field.keys('path', 'size', 'mode', 'sha256', 'link')
  const path = field.needed(key('path').text(), 'a file has a path')
  const link = key('link').text()
  if (link !== undefined) return {path, link}
  const mode = key('mode').value
  const sha256 = key('sha256').text() ?? ''
  if (mode !== '644' && mode !== '755') throw key('mode').expected("'644' or '755'")
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw key('sha256').expected('a checksum in hex')
  return {path, size: key('size').needed(key('size').whole(0), 'a file has a size'), mode, sha256}
}
