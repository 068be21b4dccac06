import {execFile} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import {chown, mkdir, rename, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import type {LaunchOptions} from './options.js'
import {closedTo, type Owner} from './owner.js'
import type {UsableProgram} from './usable-programs.js'

const run = promisify(execFile)

/** The folder of the data: one that PostgreSQL has made itself, or a folder inside the one that is given. */
export function clusterIn(folder: string): string {
  return existsSync(path.join(folder, 'PG_VERSION')) ? folder : path.join(folder, 'pgdata')
}

/** The major version that has made the data. `undefined`: there is none yet. */
export function versionOf(cluster: string): number | undefined {
  const file = path.join(cluster, 'PG_VERSION')
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8')) : undefined
}

export interface ClusterToMake {
  readonly cluster: string
  readonly programs: UsableProgram
  readonly owner: Owner | undefined
  readonly scratch: string
  /** The data outlives the service, and has to be safe on the disk. */
  readonly keeps: boolean
  readonly signal: AbortSignal
}

/** Makes an empty cluster, at one stroke: one that was interrupted leaves none. */
export async function makeCluster(options: LaunchOptions, making: ClusterToMake): Promise<void> {
  const {cluster, programs, owner, scratch, keeps, signal} = making
  await makeFolder(path.dirname(cluster), owner)
  const half = `${cluster}.new`
  const passwordFile = path.join(scratch, 'password')
  await rm(half, {recursive: true, force: true})
  try {
    await writeFile(passwordFile, `${options.password}\n`, {mode: 0o600})
    if (owner) await chown(passwordFile, owner.uid, owner.gid)
    const args = [
      ...['--pgdata', half, '--username', options.user, '--pwfile', passwordFile],
      ...['--encoding', 'UTF8', '--locale', 'C', '--auth', 'scram-sha-256'],
      ...(keeps ? [] : ['--no-sync']),
    ]
    await run(path.join(programs.folder, 'initdb'), args, {...owner, cwd: scratch, env: environment(programs), signal})
    await rename(half, cluster)
  } catch (error) {
    await rm(half, {recursive: true, force: true})
    signal.throwIfAborted()
    throw new Error(`initdb could not make the data: ${saidBy(error)}`)
  } finally {
    await rm(passwordFile, {force: true})
  }
}

async function makeFolder(folder: string, owner: Owner | undefined): Promise<void> {
  const made = await mkdir(folder, {recursive: true, mode: 0o700})
  if (owner && made !== undefined) await chown(folder, owner.uid, owner.gid)
  const closed = owner && closedTo(folder, owner)
  if (closed === undefined) return
  throw new Error(
    `PostgreSQL refuses to run as root, and user ${owner?.uid} may not enter ${closed}. Choose another folder for 'data' in the config of the service.`,
  )
}

/** Without what else would have a say: the variables of PostgreSQL itself, and those that only this script needs. */
export function environment({env}: UsableProgram): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(PG[A-Z]+|POSTGRES_[A-Z_]+|LC_[A-Z]+|LANG)$/.test(name),
  )
  return {...Object.fromEntries(kept), ...env}
}

function saidBy(error: unknown): string {
  const {stderr, message} = error as Error & {readonly stderr?: string}
  const said = (stderr ?? '').split('\n').filter((line) => line.startsWith('initdb: ') || line.includes('error'))
  return said.length === 0 ? message : said.map((line) => line.replace(/^initdb: /, '')).join(' ')
}
