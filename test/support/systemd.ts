import {execFile, spawn} from 'node:child_process'
import {accessSync, constants, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {promisify} from 'node:util'
import {systemClock} from '../../src/core/base/clock.js'
import {until} from './harness.js'

const run = promisify(execFile)
const manager = '/lib/systemd/systemd'
const journal = '/lib/systemd/systemd-journald'

/** Root may give a manager namespaces of its own, on a machine whose first process is something else too. */
export function hasSystemd(): boolean {
  return process.getuid?.() === 0 && existsSync(manager) && existsSync(journal) && canMakeGroups()
}

/** A user manager of the tests' own, with its own units, runtime directory, control groups and journal. */
export interface UserManager extends AsyncDisposable {
  /** For what talks to it: `systemctl`, `systemd-run` and `journalctl` in PATH go there. */
  readonly env: Readonly<Record<string, string>>
  readonly pid: number
  /** Writes a unit file and has it read. */
  unit(name: string, text: string): Promise<void>
  systemctl(...args: readonly string[]): Promise<string>
  /** Names of units that are there, failed ones too. */
  units(pattern: string): Promise<readonly string[]>
}

interface ManagerOptions {
  /** What goes before its command: `nsenter --net=…`. @default nothing */
  readonly enter?: readonly string[]
  /** Its home folder, `%h` in units. @default one of its own */
  readonly home?: string
}

/**
 * The manager sees a control group as the root of them all, a `/run/systemd` of its own, which says that systemd has booted this machine, and a journal
 * that writes into the test's folder; everything else is the machine's. What it starts are processes of this machine.
 */
export async function startUserManager({enter = [], home}: ManagerOptions = {}): Promise<UserManager> {
  const folder = mkdtempSync(path.join(tmpdir(), 'harness-systemd-'))
  const at = (name: string): string => path.join(folder, name)
  for (const name of ['run', 'config', 'journal', 'bin']) mkdirSync(at(name), {mode: 0o700})
  mkdirSync(at('config/systemd/user'), {recursive: true})
  const group = path.join(cgroupMount() ?? '', path.basename(folder))
  mkdirSync(group)
  writeFileSync(at('boot'), bootScript(folder, group))
  const env = {PATH: `${at('bin')}:${process.env['PATH'] ?? ''}`, XDG_RUNTIME_DIR: at('run')}
  const own = {
    ...process.env,
    ...env,
    XDG_CONFIG_HOME: at('config'),
    HOME: home ?? folder,
    SYSTEMD_LOG_TARGET: 'console',
  }
  const child = spawn('env', [...enter, 'unshare', '--mount', 'sh', at('boot')], {
    env: own,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const {pid} = child
  if (pid === undefined) throw new Error('unshare cannot be run')
  writeFileSync(at('bin/journalctl'), `#!/bin/sh\nexec nsenter --mount --target ${pid} /usr/bin/journalctl "$@"\n`, {
    mode: 0o755,
  })
  const systemctl = async (...args: readonly string[]): Promise<string> => {
    const {stdout} = await run('systemctl', ['--user', ...args], {env: {...process.env, ...env}})
    return stdout
  }
  const dispose = async (): Promise<void> => {
    await endGroup(group, pid)
    rmSync(folder, {recursive: true, force: true, maxRetries: 3})
  }
  try {
    await until(
      () =>
        systemctl('show', '--property=Version').then(
          () => true,
          () => false,
        ),
      'the manager runs',
    )
  } catch {
    await dispose()
    throw new Error(`The manager did not come up:\n${said}`)
  }
  return {
    env,
    pid,
    systemctl,
    async unit(name, text) {
      writeFileSync(at(`config/systemd/user/${name}`), text)
      await systemctl('daemon-reload')
    },
    async units(pattern) {
      const list = await systemctl('list-units', '--all', '--no-legend', '--plain', pattern)
      return list
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split(' ')[0] ?? '')
    },
    [Symbol.asyncDispose]: dispose,
  }
}

/** The manager of a machine, the first process of namespaces of its own. */
export interface SystemManager extends AsyncDisposable {
  /** Runs a program there, as root, and answers what it printed. */
  run(
    program: string,
    args: readonly string[],
    options?: {readonly cwd?: string; readonly env?: NodeJS.ProcessEnv},
  ): Promise<string>
}

/** It knows no unit but the few that it needs, and has `/run` and the numbers of processes for itself; files are the machine's. */
export async function startSystemManager(): Promise<SystemManager> {
  const folder = mkdtempSync(path.join(tmpdir(), 'harness-systemd-'))
  const group = path.join(cgroupMount() ?? '', path.basename(folder))
  mkdirSync(group)
  mkdirSync(`${folder}/units`)
  for (const name of ['basic.target', 'sysinit.target', 'shutdown.target', 'rescue.target']) {
    writeFileSync(`${folder}/units/${name}`, '[Unit]\nDefaultDependencies=no\n')
  }
  const inside = [
    'set -e',
    'mount -t proc proc /proc',
    'mount -t tmpfs tmpfs /sys/fs/cgroup 2>/dev/null && umount /sys/fs/cgroup',
    'mount -t cgroup2 cgroup2 /sys/fs/cgroup',
    'mount -t tmpfs tmpfs /run',
    'exec /lib/systemd/systemd --system --unit=basic.target --log-target=null',
  ]
  writeFileSync(`${folder}/inside`, inside.join('\n') + '\n')
  const outside = ['set -e', 'mount --make-rprivate /', `echo $$ >${group}/cgroup.procs`]
  const unshare = `exec unshare --cgroup --uts --pid --fork --kill-child sh ${folder}/inside`
  writeFileSync(`${folder}/boot`, [...outside, unshare, ''].join('\n'))
  const env = {
    PATH: process.env['PATH'],
    container: 'harness',
    SYSTEMD_UNIT_PATH: `${folder}/units`,
    SYSTEMD_GENERATOR_PATH: '',
  }
  const child = spawn('unshare', ['--mount', 'sh', `${folder}/boot`], {env, stdio: 'ignore'})
  const {pid} = child
  if (pid === undefined) throw new Error('unshare cannot be run')
  const dispose = async (): Promise<void> => {
    await endGroup(group, pid)
    rmSync(folder, {recursive: true, force: true, maxRetries: 3})
  }
  const runThere: SystemManager['run'] = async (program, args, options = {}) => {
    const first = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    const enter = ['--mount', '--pid', '--cgroup', '--uts', `--target=${first}`, '--wd=' + (options.cwd ?? '/'), '--']
    const {stdout} = await run('nsenter', [...enter, program, ...args], {env: {...process.env, ...options.env}})
    return stdout
  }
  try {
    await until(
      () =>
        runThere('systemctl', ['is-system-running', '--wait']).then(
          () => true,
          () => false,
        ),
      'the manager runs',
    )
  } catch (error) {
    await dispose()
    throw error
  }
  return {run: runThere, [Symbol.asyncDispose]: dispose}
}

function bootScript(folder: string, group: string): string {
  const user = '/sys/fs/cgroup/user.slice/user-0.slice/user@0.service'
  const inside = [
    'set -e',
    'mount -t tmpfs tmpfs /sys/fs/cgroup 2>/dev/null && umount /sys/fs/cgroup',
    'mount -t cgroup2 cgroup2 /sys/fs/cgroup',
    `mkdir -p ${user} /sys/fs/cgroup/system.slice/systemd-journald.service`,
    'mkdir -p /run/systemd /run/log',
    'mount -t tmpfs tmpfs /run/systemd',
    'mkdir -p /run/systemd/system /run/systemd/journal',
    'mount -t tmpfs tmpfs /run/log',
    'mkdir -p /run/log/journal',
    `mount --bind ${folder}/journal /run/log/journal`,
    // Without it neither of them starts.
    '[ -s /etc/machine-id ] || { echo 0123456789abcdef0123456789abcdef >/run/log/id; mount --bind /run/log/id /etc/machine-id; }',
    `sh -c 'echo $$ >/sys/fs/cgroup/system.slice/systemd-journald.service/cgroup.procs; exec ${journal}' &`,
    'until [ -S /run/systemd/journal/stdout ]; do sleep 0.05; done',
    `echo $$ >${user}/cgroup.procs`,
    'unset DBUS_SESSION_BUS_ADDRESS',
    `exec ${manager} --user`,
  ]
  writeFileSync(`${folder}/inside`, inside.join('\n') + '\n')
  return [
    'set -e',
    'mount --make-rprivate /',
    `echo $$ >${group}/cgroup.procs`,
    `exec unshare --cgroup sh ${folder}/inside`,
    '',
  ].join('\n')
}

/** Where control groups of the second version are: alone, or beside those of the first. */
function cgroupMount(): string | undefined {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
  return mounts.find(([, , type]) => type === 'cgroup2')?.[1]
}

function canMakeGroups(): boolean {
  try {
    accessSync(cgroupMount() ?? '', constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Kills all that the manager has started, and itself, and removes its control groups. */
async function endGroup(group: string, pid: number): Promise<void> {
  const processes = async (): Promise<readonly number[]> => {
    const {stdout} = await run('find', [group, '-name', 'cgroup.procs', '-exec', 'cat', '{}', '+'])
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map(Number)
  }
  for (let left = [pid]; left.length > 0; left = [...(await processes())]) {
    for (const each of left) kill(each)
    await systemClock.sleep(10)
  }
  // A process that is about to be cleared away still has its place there.
  await until(async () => {
    await run('find', [group, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']).catch(() => undefined)
    return !existsSync(group)
  }, 'the control groups are removed')
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended meanwhile.
  }
}
