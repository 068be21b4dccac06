import {execFile, spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {promisify} from 'node:util'
import {until} from './harness.js'

const run = promisify(execFile)
const program = '/usr/sbin/sshd'

export function hasSshd(): boolean {
  return process.getuid?.() === 0 && existsSync(program)
}

/** A real server of the tests' own, on loopback, with its own host key and one user key. */
export interface Sshd extends Disposable {
  /** A configuration of OpenSSH's client: it knows the host key, and has the user key. */
  readonly config: string
}

interface SshdOptions {
  readonly port: number
  /** What goes before its command: `nsenter --net=…`. @default nothing */
  readonly enter?: readonly string[]
}

export async function startSshd({port, enter = []}: SshdOptions): Promise<Sshd> {
  const folder = mkdtempSync(path.join(tmpdir(), 'harness-sshd-'))
  const at = (name: string): string => path.join(folder, name)
  for (const name of ['host', 'user']) await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)])
  const publicKey = (name: string): string => readFileSync(`${at(name)}.pub`, 'utf8').trim()
  writeFileSync(at('authorized'), publicKey('user'))
  writeFileSync(at('known'), `[127.0.0.1]:${port} ${publicKey('host')}\n`)
  writeFileSync(
    at('config'),
    `IdentityFile ${at('user')}\nIdentitiesOnly yes\nUserKnownHostsFile ${at('known')}\nStrictHostKeyChecking yes\n`,
  )
  writeFileSync(
    at('sshd_config'),
    [
      ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${at('host')}`, `AuthorizedKeysFile ${at('authorized')}`],
      ...['PermitRootLogin prohibit-password', 'PasswordAuthentication no', 'KbdInteractiveAuthentication no'],
      ...['UsePAM no', 'StrictModes no', `PidFile ${at('pid')}`, 'Subsystem sftp internal-sftp', ''],
    ].join('\n'),
  )
  // The server wants this folder for its unprivileged half; only an init system makes it.
  mkdirSync('/run/sshd', {recursive: true, mode: 0o755})
  const [command = program, ...args]: readonly string[] = [...enter, program, '-D', '-e', '-f', at('sshd_config')]
  const server = spawn(command, args, {stdio: ['ignore', 'ignore', 'pipe']})
  let said = ''
  server.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = once(server, 'exit')
  await Promise.race([
    until(() => said.includes('Server listening'), 'sshd listens'),
    ended.then(() => {
      throw new Error(`sshd has ended: ${said}`)
    }),
  ])
  return {
    config: at('config'),
    [Symbol.dispose]() {
      server.kill('SIGKILL')
      rmSync(folder, {recursive: true, force: true})
    },
  }
}
