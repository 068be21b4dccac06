import {execFile} from 'node:child_process'
import {chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {promisify} from 'node:util'
import {hasDocker, type TestEngine} from '../plugins/docker/engine.js'
import {until} from './harness.js'
import {hasSshd, makeKey} from './sshd.js'

const run = promisify(execFile)
const program = '/usr/sbin/debootstrap'

export function hasBootedMachines(): boolean {
  return hasDocker() && hasSshd() && existsSync(program)
}

/** A Debian in a container, with systemd as its first process and the server of SSH as one of its units. */
export interface BootedMachine {
  /** A configuration of SSH in which it is `machine`. */
  readonly config: string
  /** Runs a command there, not by SSH. */
  readonly run: (...command: readonly string[]) => Promise<string>
}

/** systemd wants to see control groups from their root, and here nobody has made them for it. */
const boot = `#!/bin/sh
umount -R /sys/fs/cgroup
mount -t cgroup2 none /sys/fs/cgroup || exit 1
export container=docker
exec /sbin/init
`

export async function bootMachine(engine: TestEngine): Promise<BootedMachine> {
  const at = (name: string): string => path.join(engine.folder, name)
  const root = at('debian')
  const packages = 'systemd,systemd-sysv,dbus,openssh-server'
  await run(program, ['--variant=minbase', `--include=${packages}`, 'stable', root], {maxBuffer: 64 * 1024 * 1024})
  await makeKey(at('user'))
  mkdirSync(path.join(root, 'root/.ssh'), {recursive: true, mode: 0o700})
  writeFileSync(path.join(root, 'root/.ssh/authorized_keys'), readFileSync(at('user.pub')), {mode: 0o600})
  writeFileSync(path.join(root, 'start'), boot)
  chmodSync(path.join(root, 'start'), 0o755)
  await run('tar', ['-C', root, '-cf', at('debian.tar'), '.'])
  await engine.docker('import', at('debian.tar'), 'debian:local')
  const rights = ['--cap-add=SYS_ADMIN', '--security-opt=seccomp=unconfined', '--security-opt=apparmor=unconfined']
  const folders = ['--tmpfs=/run', '--tmpfs=/run/lock', '--tmpfs=/tmp']
  await engine.docker('run', '--detach', '--name=machine', ...rights, ...folders, 'debian:local', '/start')
  const there = (...command: readonly string[]): Promise<string> => engine.docker('exec', 'machine', ...command)
  const isUp = (): Promise<boolean> =>
    there('systemctl', 'is-active', 'ssh').then(
      () => true,
      () => false,
    )
  await until(isUp, 'the machine has booted, with its server of SSH', 60_000)
  const address = await engine.docker('inspect', '--format={{.NetworkSettings.IPAddress}}', 'machine')
  const key = (await there('cat', '/etc/ssh/ssh_host_ed25519_key.pub')).split(' ').slice(0, 2).join(' ')
  writeFileSync(at('known'), `${address} ${key}\n`)
  const settings = [`HostName ${address}`, 'User root', `IdentityFile ${at('user')}`, 'IdentitiesOnly yes']
  const trust = [`UserKnownHostsFile ${at('known')}`, 'GlobalKnownHostsFile none', 'IdentityAgent none']
  writeFileSync(at('ssh_config'), ['Host machine', ...settings, ...trust, ''].join('\n'))
  return {config: at('ssh_config'), run: there}
}
