import assert from 'node:assert/strict'
import {existsSync, readdirSync} from 'node:fs'
import {cp, mkdir, readdir} from 'node:fs/promises'
import {createRequire} from 'node:module'
import path from 'node:path'
import type {Context} from 'mocha'
import {root, Sandbox, until, type Ran} from './harness.js'
import {needs} from './needs.js'

/** What the stack of examples/graph is made of. */
export function needsGraphPrograms(context: Context): void {
  needs(context, process.platform === 'linux' && process.arch === 'x64' && hasGnd(), 'gnd of npm, for Linux on x64')
  needs(context, hasPostgres(), 'PostgreSQL')
}

function hasGnd(): boolean {
  try {
    createRequire(import.meta.url).resolve('@graphprotocol/gnd-linux-x64/package.json')
    return true
  } catch {
    return false
  }
}

function hasPostgres(): boolean {
  const versions = '/usr/lib/postgresql'
  return existsSync(versions) && readdirSync(versions).some((name) => existsSync(`${versions}/${name}/bin/initdb`))
}

/** `harness` with the plugin linked, and with HOME and TMPDIR of its own, so that it can be seen what is left there. */
export async function graphSandbox(): Promise<Sandbox> {
  const sandbox = await Sandbox.make()
  const base = path.dirname(sandbox.state)
  const [home, temporary] = [path.join(base, 'home'), path.join(base, 'tmp')]
  for (const folder of [home, temporary]) await mkdir(folder)
  sandbox.variables = {
    HARNESS_DATA_DIR: path.join(base, 'data'),
    HARNESS_NO_USER_PLUGINS: '',
    HOME: home,
    TMPDIR: temporary,
  }
  await succeeds(sandbox, 'plugins', 'link', path.join(root, 'plugins/graph'), '--no-install')
  return sandbox
}

/** The same, in a copy of examples/graph. */
export async function graphExample(): Promise<Sandbox> {
  const sandbox = await graphSandbox()
  await cp(path.join(root, 'examples/graph'), sandbox.folder, {
    recursive: true,
    filter: (file) => path.basename(file) !== 'node_modules',
  })
  return sandbox
}

/** Runs a command that must end well. */
export async function succeeds(sandbox: Sandbox, ...args: readonly string[]): Promise<Ran> {
  const ran = await sandbox.run(...args)
  assert.equal(ran.code, 0, `harness ${args.join(' ')}\n${ran.stdout}\n${ran.stderr}`)
  return ran
}

/** All files of the sandbox but those of harness itself: of the stack's folder, of HOME and of TMPDIR. */
export async function filesOf(sandbox: Sandbox): Promise<readonly string[]> {
  const base = path.dirname(sandbox.state)
  const folders = [sandbox.folder, path.join(base, 'home'), path.join(base, 'tmp')]
  const found = await Promise.all(folders.map((folder) => readdir(folder, {recursive: true})))
  return found.flatMap((names, index) => names.map((name) => path.join(folders[index] ?? '', name))).sort()
}

/** The chain of a stack, as programs speak with it. */
export class Chain {
  constructor(private readonly url: string) {}

  static async of(sandbox: Sandbox, service = 'anvil'): Promise<Chain> {
    const {services} = await sandbox.json<{
      readonly services: readonly {readonly name: string; readonly endpoints: readonly {readonly url: string}[]}[]
    }>('status')
    const url = services.find(({name}) => name === service)?.endpoints[0]?.url
    assert.ok(url, `${service} has no address`)
    return new Chain(url)
  }

  async call<Result>(method: string, ...params: readonly unknown[]): Promise<Result> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({jsonrpc: '2.0', id: 1, method, params}),
    })
    const {result, error} = (await response.json()) as {result: Result; error?: {message: string}}
    assert.equal(error, undefined, `${method}: ${error?.message}`)
    return result
  }

  async height(): Promise<number> {
    return Number(await this.call<string>('eth_blockNumber'))
  }

  /** `Token.transfer(to, value)` of examples/graph, by the first account. */
  async transfer(to: string, value: number): Promise<void> {
    const [from] = await this.call<string[]>('eth_accounts')
    const words = [BigInt(to), BigInt(value)].map((word) => word.toString(16).padStart(64, '0'))
    const data = `0xa9059cbb${words.join('')}`
    const hash = await this.call<string>('eth_sendTransaction', {from, to: tokenAddress, data})
    // Anvil mines it a moment later.
    const status = async (): Promise<string | undefined> =>
      (await this.call<{readonly status: string} | null>('eth_getTransactionReceipt', hash))?.status
    await until(async () => (await status()) !== undefined, 'the transfer is in a block')
    assert.equal(await status(), '0x1')
  }
}

/** Where the first contract of Anvil's first account is. */
export const tokenAddress = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
