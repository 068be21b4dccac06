import {execFile, spawn, type ChildProcess} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {readdir, readFile, readlink} from 'node:fs/promises'
import {tmpdir, userInfo} from 'node:os'
import path from 'node:path'
import {promisify} from 'node:util'
import {isAlive, until} from './harness.js'
import {canUnshare} from './namespaces.js'
import {hasSshd, startSshd, type Sshd} from './sshd.js'

const run = promisify(execFile)

export function hasFarMachines(): boolean {
  return hasSshd() && canUnshare('--net')
}

interface FarOptions {
  /** How clients call it. */
  readonly name: string
  /** What goes before a command of the machine that it is cabled to (`nsenter --net=…`). @default this one */
  readonly near?: readonly string[]
  /** Variables of those who log in there, made once its network is up; `enter` goes before a command that is to run in it. */
  readonly login?: (enter: readonly string[]) => Promise<Readonly<Record<string, string>>>
}

/** Another machine, as far as SSH and ports are concerned: its network is its own, one cable leads there, and its home folder is empty. Files are shared. */
export interface FarMachine extends Disposable {
  readonly address: string
  /** A file with the configuration of SSH by which clients find it. */
  readonly config: string
  readonly home: string
  readonly sshd: Sshd
  /** What goes before a command that is to run there. */
  readonly enter: readonly string[]
}

export async function startFarMachine({name, near = [], login}: FarOptions): Promise<FarMachine> {
  const folder = mkdtempSync(path.join(tmpdir(), 'harness-far-'))
  const holder = spawn('unshare', ['--net', 'sleep', 'infinity'], {stdio: 'ignore'})
  const enter = ['nsenter', `--net=/proc/${String(holder.pid)}/ns/net`]
  await until(async () => (await networkOf(holder.pid)) !== (await networkOf('self')), 'it has a network of its own')
  const cable = await layCable(holder, near, enter)
  const variables = {HOME: folder, ...(await login?.(enter))}
  const set = Object.entries(variables).map(([key, value]) => `${key}=${value}`)
  const sshd = await startSshd({enter, settings: [`ListenAddress ${cable.there}`, `SetEnv ${set.join(' ')}`]})
  writeFileSync(sshd.knownHosts, sshd.hostKeys.map((key) => `[${cable.there}]:${sshd.port} ${key}\n`).join(''))
  const config = path.join(folder, 'ssh_config')
  const block = [
    ...[`Host ${name}`, `HostName ${cable.there}`, `Port ${sshd.port}`, `User ${userInfo().username}`],
    ...[`IdentityFile ${sshd.key}`, 'IdentitiesOnly yes', `UserKnownHostsFile ${sshd.knownHosts}`],
    ...['GlobalKnownHostsFile none', 'IdentityAgent none', ''],
  ]
  writeFileSync(config, block.join('\n'))
  return {
    ...{address: cable.there, config, home: folder, sshd, enter},
    [Symbol.dispose]() {
      sshd[Symbol.dispose]()
      holder.kill('SIGKILL')
      cable.cut()
      rmSync(folder, {recursive: true, force: true, maxRetries: 5})
    },
  }
}

/** Two ends, with the first number that nobody else has taken: names of devices are given only once. */
async function layCable(
  holder: ChildProcess,
  near: readonly string[],
  far: readonly string[],
): Promise<{readonly there: string; readonly cut: () => void}> {
  const ip = async (where: readonly string[], ...args: readonly string[]): Promise<void> => {
    await run('env', [...where, 'ip', ...args])
  }
  const peer = ['type', 'veth', 'peer', 'name', 'cable', 'netns', String(holder.pid)]
  for (let number = 0; number < 256; number += 1) {
    const device = `hwfar${number}`
    try {
      await ip(near, 'link', 'add', device, ...peer)
    } catch (error) {
      if (String(error).includes('File exists')) continue
      throw error
    }
    const there = `10.99.${number}.2`
    await ip(near, 'address', 'add', `10.99.${number}.1/24`, 'dev', device)
    await ip(near, 'link', 'set', device, 'up')
    await ip(far, 'address', 'add', `${there}/24`, 'dev', 'cable')
    for (const each of ['cable', 'lo']) await ip(far, 'link', 'set', each, 'up')
    return {there, cut: () => void ip(near, 'link', 'delete', device).catch(() => undefined)}
  }
  throw new Error('256 cables are laid; some of them are of tests that have ended: see `ip link`')
}

async function networkOf(pid: number | string | undefined): Promise<string> {
  return await readlink(`/proc/${String(pid)}/ns/net`).catch(() => '')
}

/** All that is up in a network: processes with their command lines, and ports that are listened at. `enter` is what goes before a command in it. */
export async function censusOf(enter: readonly string[]): Promise<{
  readonly processes: ReadonlyMap<number, string>
  readonly ports: readonly number[]
}> {
  const own = await readlink(enter.at(-1)?.replace('--net=', '') ?? '/proc/self/ns/net')
  const processes = new Map<number, string>()
  for (const name of await readdir('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid) || (await networkOf(pid)) !== own || !(await isAlive(pid))) continue
    processes.set(pid, (await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim())
  }
  const {stdout} = await run('env', [...enter, 'cat', '/proc/net/tcp', '/proc/net/tcp6'])
  const listening = stdout.matchAll(/:([0-9A-F]{4}) 0+:0000 0A /g)
  return {processes, ports: [...new Set(Array.from(listening, ([, port = '']) => Number.parseInt(port, 16)))].sort()}
}
