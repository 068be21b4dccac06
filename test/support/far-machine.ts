import {execFile, spawn, type ChildProcess} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {readdir, readFile, readlink} from 'node:fs/promises'
import {tmpdir, userInfo} from 'node:os'
import path from 'node:path'
import {promisify} from 'node:util'
import {isAlive, until} from './harness.js'
import {canUnshare} from './namespaces.js'
import {hasSshd, startSshd, type Sshd} from './sshd.js'
import {startUserManager, type UserManager} from './systemd.js'

const run = promisify(execFile)

export function hasFarMachines(): boolean {
  return hasSshd() && canUnshare('--net')
}

interface FarOptions {
  /** How clients call it. */
  readonly name: string
  /** What goes before a command of the machine that it is cabled to (`nsenter --net=…`). @default this one */
  readonly near?: readonly string[]
  /** It has a manager of systemd for its user. @default false */
  readonly hasManager?: boolean
}

/** Another machine, as far as SSH and ports are concerned: its network is its own, one cable leads there, and its home folder is its own. All other files are shared. */
export interface FarMachine extends AsyncDisposable {
  readonly address: string
  /** A file with the configuration of SSH by which clients find it. */
  readonly config: string
  readonly home: string
  readonly sshd: Sshd
  readonly manager: UserManager | undefined
  /** What goes before a command that is to run there. */
  readonly enter: readonly string[]
}

export async function startFarMachine({name, near = [], hasManager = false}: FarOptions): Promise<FarMachine> {
  const folder = mkdtempSync(path.join(tmpdir(), 'harness-far-'))
  const holder = spawn('unshare', ['--net', 'sleep', 'infinity'], {stdio: 'ignore'})
  const enter = ['nsenter', `--net=/proc/${String(holder.pid)}/ns/net`]
  await until(async () => (await networkOf(holder.pid)) !== (await networkOf('self')), 'it has a network of its own')
  const cable = await layCable(holder, near, enter)
  const manager = hasManager ? await startUserManager({enter, home: folder}) : undefined
  const login = {
    HOME: folder,
    PATH: `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    ...(manager && {XDG_RUNTIME_DIR: manager.env['XDG_RUNTIME_DIR']}),
  }
  const variables = Object.entries(login).map(([key, value]) => `${key}=${value}`)
  const sshd = await startSshd({
    enter: manager ? [...enter, `--mount=/proc/${manager.pid}/ns/mnt`] : enter,
    settings: [`ListenAddress ${cable.there}`, `SetEnv ${variables.join(' ')}`],
  })
  writeFileSync(sshd.knownHosts, sshd.hostKeys.map((key) => `[${cable.there}]:${sshd.port} ${key}\n`).join(''))
  const config = path.join(folder, 'ssh_config')
  const block = [
    ...[`Host ${name}`, `HostName ${cable.there}`, `Port ${sshd.port}`, `User ${userInfo().username}`],
    ...[`IdentityFile ${sshd.key}`, 'IdentitiesOnly yes', `UserKnownHostsFile ${sshd.knownHosts}`],
    ...['GlobalKnownHostsFile none', 'IdentityAgent none', ''],
  ]
  writeFileSync(config, block.join('\n'))
  return {
    ...{address: cable.there, config, home: folder, sshd, manager, enter},
    async [Symbol.asyncDispose]() {
      await manager?.[Symbol.asyncDispose]()
      sshd[Symbol.dispose]()
      // What a test that failed has left there, and last its network.
      for (const pid of (await censusOf(enter)).processes.keys()) kill(pid)
      holder.kill('SIGKILL')
      await cable.cut()
      rmSync(folder, {recursive: true, force: true, maxRetries: 5})
    },
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended meanwhile.
  }
}

/** Two ends, with the first number that nobody else has taken: names of devices are given only once. */
async function layCable(
  holder: ChildProcess,
  near: readonly string[],
  far: readonly string[],
): Promise<{readonly there: string; readonly cut: () => Promise<void>}> {
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
    return {there, cut: () => ip(near, 'link', 'delete', device).catch(() => undefined)}
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
