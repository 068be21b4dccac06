import {createHash, randomUUID} from 'node:crypto'
import {createReadStream} from 'node:fs'
import {lstat, readlink, rename, rm} from 'node:fs/promises'
import path from 'node:path'
import {readDefinition} from '../definition/read-definition.js'
import {selectFiles} from '../definition/select-files.js'
import type {PackagedFile, Recipe} from '../manifest.js'
import {filesProblem} from '../paths.js'
import {PackageProblem, wordsOf} from '../problem.js'
import {manifestText} from './manifest-text.js'
import {readArchive, type ReadPackage} from './read-archive.js'
import {writeArchive} from './write-archive.js'

export interface BuiltPackage extends ReadPackage {
  /** Absolute. */
  readonly file: string
}

/** Makes the package of a folder, and reads it back. `out` left out: `NAME-VERSION.tgz` in the current folder. PACKAGE_INVALID. */
export async function buildPackage(folder: string, out?: string): Promise<BuiltPackage> {
  const definition = await readDefinition(folder)
  const {name, version} = definition.recipe
  const file = path.resolve(out ?? `${name}-${version}.tgz`)
  const isArchive = (each: string): boolean =>
    path.resolve(each) === file || (path.dirname(each) === folder && isArchiveOf(name, path.basename(each)))
  const names = await selectFiles(folder, definition, isArchive)
  const files = await describeAll(folder, names)
  const wrong = filesProblem(files) ?? recipeProblem(definition.recipe, files)
  if (wrong !== undefined) throw new PackageProblem(name, wrong, 'Correct harness-package.yaml or the folder.')
  const beside = `${file}.${randomUUID().slice(0, 8)}`
  try {
    await writeArchive({folder, files, manifest: manifestText(definition.written, files)}, beside)
    const read = await readArchive(beside, name)
    await rename(beside, file)
    return {...read, file}
  } catch (error) {
    if (error instanceof PackageProblem) throw error
    throw new PackageProblem(
      name,
      `it cannot be written: ${wordsOf(error)}`,
      'See the reason, and build it again.',
      error,
    )
  } finally {
    await rm(beside, {force: true})
  }
}

/** Of any version, finished or not. Other archives are files like others. */
function isArchiveOf(name: string, file: string): boolean {
  return file.startsWith(`${name}-`) && /^\d+\.\d+\.\d+.*\.tgz(\..*)?$/.test(file.slice(name.length + 1))
}

/** What the recipe names and the package does not have. */
function recipeProblem({binaries, start}: Recipe, files: readonly PackagedFile[]): string | undefined {
  if (files.length === 0) return "it has no files: see 'include'"
  const byPath = new Map(files.map((file) => [file.path, file]))
  const named = Object.entries(binaries).map(([key, file]) => [`binaries.${key}`, file] as const)
  const inPackage = start.binary.includes('/') && !Object.hasOwn(binaries, start.binary)
  for (const [place, name] of [...named, ...(inPackage ? [['start.binary', start.binary] as const] : [])]) {
    const file = byPath.get(name.replace(/^\.\//, ''))
    if (!file) return `'${place}' is '${name}', which is not among its files`
    if ('mode' in file && file.mode !== '755') return `'${place}' is '${name}', which is not executable`
  }
  const folder = `${start.workingDir}/`
  const hasFolder = start.workingDir === '.' || files.some(({path: name}) => name.startsWith(folder))
  return hasFolder ? undefined : `'start.working_dir' is '${start.workingDir}', and no file is in there`
}

async function describeAll(folder: string, names: readonly string[]): Promise<readonly PackagedFile[]> {
  const files: PackagedFile[] = []
  for (const name of names) files.push(await describe(folder, name))
  return files
}

async function describe(folder: string, name: string): Promise<PackagedFile> {
  const file = path.join(folder, name)
  try {
    const {mode, size} = await lstat(file).then((found) =>
      found.isSymbolicLink() ? {mode: undefined, size: 0} : found,
    )
    if (mode === undefined) return {path: name, link: await readlink(file)}
    const hash = createHash('sha256')
    for await (const part of createReadStream(file) as AsyncIterable<Buffer>) hash.update(part)
    return {path: name, size, mode: (mode & 0o111) === 0 ? '644' : '755', sha256: hash.digest('hex')}
  } catch (error) {
    throw new PackageProblem(folder, `'${name}' cannot be read: ${wordsOf(error)}`, 'See who may read it.', error)
  }
}
