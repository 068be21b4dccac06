import {execFile, spawn} from 'node:child_process'
import {once} from 'node:events'
import {appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir, userInfo} from 'node:os'
import path from 'node:path'
import {promisify} from 'node:util'
import {until} from './harness.js'
import {freePort} from './free-port.js'

const run = promisify(execFile)
const program = '/usr/sbin/sshd'

export function hasSshd(): boolean {
  return process.getuid?.() === 0 && existsSync(program)
}

/** A real server of the tests' own, on loopback, with its own host key and one user key. */
export interface Sshd extends Disposable {
  /** A configuration of OpenSSH's client: it knows the host key, and has the user key. */
  readonly config: string
  readonly port: number
  /** Of the user key. The public one stands beside it. */
  readonly key: string
  /** Where clients find the host key. */
  readonly knownHosts: string
  /** Public host keys, as they stand in files: type and base64. */
  readonly hostKeys: readonly string[]
  readonly folder: string
  readonly pid: number
  /** What it has said so far. */
  readonly said: () => string
}

interface SshdOptions {
  /** @default a free one */
  readonly port?: number
  /** What goes before its command: `nsenter --net=…`. @default nothing */
  readonly enter?: readonly string[]
  /** Kinds of host keys. @default ed25519 */
  readonly hostKeys?: readonly ('ecdsa' | 'ed25519' | 'rsa')[]
  /** Lines of its configuration, before all others: the first of a kind counts. */
  readonly settings?: readonly string[]
}

export async function startSshd({
  enter = [],
  hostKeys = ['ed25519'],
  settings = [],
  ...options
}: SshdOptions = {}): Promise<Sshd> {
  const port = options.port ?? (await freePort())
  const folder = mkdtempSync(path.join(tmpdir(), 'harness-sshd-'))
  const at = (name: string): string => path.join(folder, name)
  const publicKey = (name: string): string => readFileSync(`${at(name)}.pub`, 'utf8').trim()
  await makeKey(at('user'))
  for (const type of hostKeys) await makeKey(at(`host_${type}`), {type})
  const shown = hostKeys.map((type) => publicKey(`host_${type}`).split(' ').slice(0, 2).join(' '))
  writeFileSync(at('authorized'), `${publicKey('user')}\n`)
  writeFileSync(at('known'), shown.map((key) => `[127.0.0.1]:${port} ${key}\n`).join(''))
  writeFileSync(
    at('config'),
    `IdentityFile ${at('user')}\nIdentitiesOnly yes\nUserKnownHostsFile ${at('known')}\nStrictHostKeyChecking yes\n`,
  )
  writeFileSync(
    at('sshd_config'),
    [
      ...settings,
      ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `AuthorizedKeysFile ${at('authorized')}`],
      ...hostKeys.map((type) => `HostKey ${at(`host_${type}`)}`),
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
    ...{port, folder, config: at('config'), key: at('user'), knownHosts: at('known'), hostKeys: shown},
    pid: server.pid ?? 0,
    said: () => said,
    [Symbol.dispose]() {
      server.kill('SIGKILL')
      rmSync(folder, {recursive: true, force: true})
    },
  }
}

interface KeyOptions {
  readonly type?: 'ecdsa' | 'ed25519' | 'rsa'
  readonly passphrase?: string
}

/** A pair of keys; the public one has `.pub` at its end. */
export async function makeKey(file: string, {type = 'ed25519', passphrase = ''}: KeyOptions = {}): Promise<void> {
  await run('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'test', '-f', file])
}

/** Lets a key in. */
export function authorize({folder}: Sshd, key: string): void {
  appendFileSync(path.join(folder, 'authorized'), readFileSync(`${key}.pub`, 'utf8'))
}

/** Lines of a configuration with which a client reaches the servers by their names: keys, ports and who is trusted. */
export function clientConfig(hosts: Readonly<Record<string, Sshd>>, more = ''): string {
  const blocks = Object.entries(hosts).map(([name, sshd]) =>
    [
      `Host ${name}`,
      ...['HostName 127.0.0.1', `Port ${sshd.port}`, `User ${userInfo().username}`].map((line) => `  ${line}`),
      ...[`IdentityFile ${sshd.key}`, 'IdentitiesOnly yes', `UserKnownHostsFile ${sshd.knownHosts}`].map(
        (line) => `  ${line}`,
      ),
    ].join('\n'),
  )
  return `${[more, ...blocks].filter((block) => block !== '').join('\n')}\nGlobalKnownHostsFile none\nIdentityAgent none\n`
}
