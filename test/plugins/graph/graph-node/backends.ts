import {spawn, type ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {readdirSync} from 'node:fs'
import {chmod, chown, mkdir, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import pg from 'pg'
import {findAnvil} from '../../../../plugins/graph/src/anvil/find-anvil.js'
import {freePort} from '../../../support/free-port.js'
import {until} from '../../../support/harness.js'
import {startIpfs, type Ipfs} from './ipfs.js'
import {rpc} from './token.js'

interface Parts {
  readonly folder: string
  readonly ports: {readonly postgres: number; readonly anvil: number}
  readonly postgres: ChildProcess
  anvil: ChildProcess
  readonly ipfs: Ipfs
}

/** PostgreSQL, Anvil and IPFS, each on a port of its own, for a graph-node. Disposing of them leaves nothing. */
export class Backends implements AsyncDisposable {
  private constructor(private readonly parts: Parts) {}

  static async start(): Promise<Backends> {
    const folder = await mkdtemp(path.join(tmpdir(), 'harness-graph-node-'))
    await chmod(folder, 0o755)
    const ports = {postgres: await freePort(), anvil: await freePort()}
    const [postgres, ipfs] = await Promise.all([startPostgres(path.join(folder, 'pg'), ports.postgres), startIpfs()])
    const backends = new Backends({folder, ports, postgres, ipfs, anvil: spawnAnvil(folder, ports.anvil)})
    await backends.anvilUp()
    return backends
  }

  get ipfs(): Ipfs {
    return this.parts.ipfs
  }

  get chain(): string {
    return `http://127.0.0.1:${this.parts.ports.anvil}`
  }

  databaseUrl(database: string): string {
    return `postgresql://graph-node:let-me-in@127.0.0.1:${this.parts.ports.postgres}/${database}`
  }

  /** Makes a database, and answers its address. */
  async database(
    name: string,
    form = "template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'",
  ): Promise<string> {
    const client = new pg.Client({connectionString: this.databaseUrl('postgres')})
    await client.connect()
    await client.query(`create database ${client.escapeIdentifier(name)} ${form}`)
    await client.end()
    return this.databaseUrl(name)
  }

  /** Another chain at the same address. */
  async renewAnvil(): Promise<void> {
    const {parts} = this
    await this.endAnvil()
    parts.anvil = spawnAnvil(parts.folder, parts.ports.anvil)
    await this.anvilUp()
  }

  endAnvil(): Promise<void> {
    return end(this.parts.anvil)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const {folder, postgres, anvil, ipfs} = this.parts
    await Promise.all([end(postgres, 'SIGINT'), end(anvil), ipfs[Symbol.asyncDispose]()])
    await rm(folder, {recursive: true, force: true, maxRetries: 3})
  }

  private async anvilUp(): Promise<void> {
    await until(
      () =>
        rpc(this.chain, 'eth_chainId').then(
          () => true,
          () => false,
        ),
      'Anvil answers',
    )
  }
}

const bin = readdirSync('/usr/lib/postgresql', {withFileTypes: true})
  .map(({name}) => `/usr/lib/postgresql/${name}/bin`)
  .at(-1)

/** Whether this machine has what `Backends` needs. */
export const hasBackends = bin !== undefined && process.platform === 'linux' && process.arch === 'x64'

async function startPostgres(data: string, port: number): Promise<ChildProcess> {
  await mkdir(data)
  // PostgreSQL refuses to run as root.
  const nobody = process.getuid?.() === 0 ? {uid: 65_534, gid: 65_534} : {}
  if ('uid' in nobody) await chown(data, 65_534, 65_534)
  const initdb = spawn(
    `${bin}/initdb`,
    ['-D', data, '-U', 'graph-node', '-A', 'trust', '-N', '-E', 'UTF8', '--locale=C'],
    {...nobody, stdio: 'ignore'},
  )
  const [code] = (await once(initdb, 'exit')) as [number]
  if (code !== 0) throw new Error(`initdb ended with ${code}`)
  const server = spawn(
    `${bin}/postgres`,
    ['-D', data, '-p', String(port), '-k', data, '-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1'],
    {...nobody, stdio: 'ignore'},
  )
  const connectionString = `postgresql://graph-node:let-me-in@127.0.0.1:${port}/postgres`
  await until(async () => {
    const client = new pg.Client({connectionString})
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.end()
      return true
    } catch {
      return false
    }
  }, 'PostgreSQL answers')
  return server
}

function spawnAnvil(folder: string, port: number): ChildProcess {
  return spawn(
    findAnvil(undefined) ?? 'anvil',
    ['--port', String(port), '--cache-path', path.join(folder, 'anvil'), '--silent'],
    {
      stdio: 'ignore',
    },
  )
}

async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}
