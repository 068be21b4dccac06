import {execFile} from 'node:child_process'
import {existsSync} from 'node:fs'
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import {findBinary} from '../../shared/launch/find-binary.js'
import type {ServiceFolder} from './open-folder.js'
import {endLike, fail, RunningProgram} from '../../shared/launch/run-program.js'

const run = promisify(execFile)

export interface KuboOptions extends ServiceFolder {
  readonly program: string
  readonly port: number
  readonly online: boolean
}

/** The `ipfs` of PATH, or of npm's `kubo`. */
export function kuboProgram(given: string | undefined): string | undefined {
  return findBinary({given, name: 'ipfs', packages: [{name: 'kubo', file: 'kubo/ipfs'}]})
}

/** Makes its repository where there is none, and runs the daemon until it ends. Answers when it was asked to end. */
export async function runKubo({program, folder, remove, port, online}: KuboOptions): Promise<never> {
  const env = {...process.env, IPFS_PATH: folder, IPFS_TELEMETRY: 'off'}
  try {
    const {stdout} = await run(program, ['version', '--number'], {env})
    process.stdout.write(`Kubo of ${program}: ${stdout.trim()}\n`)
    await mkdir(folder, {recursive: true})
    if (!existsSync(path.join(folder, 'config')))
      await run(program, ['init', '--empty-repo', '--profile', online ? 'server,randomports' : 'test'], {env})
    await configure(path.join(folder, 'config'), port)
  } catch (error) {
    const {stderr, message} = error as Error & {readonly stderr?: string}
    fail(`Kubo could not be prepared: ${stderr?.trim() || message}`)
  }
  const args = ['daemon', '--migrate=false', ...(online ? [] : ['--offline'])]
  const end = await new RunningProgram({program, args, options: {env}, stopSignal: 'SIGTERM'}).ended
  if (end.asked) await remove()
  endLike(end)
}

/** Where it listens, for this start: only here, and without the gateway. */
async function configure(file: string, port: number): Promise<void> {
  const config = JSON.parse(await readFile(file, 'utf8')) as {readonly Addresses: object}
  const Addresses = {...config.Addresses, API: `/ip4/127.0.0.1/tcp/${port}`, Gateway: []}
  await writeFile(file, JSON.stringify({...config, Addresses}, undefined, 2))
}
