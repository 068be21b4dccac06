import {execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync} from 'node:fs'
import {mkdir, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {IpfsClient} from '../../../../plugins/graph/src/ipfs/client.js'
import {testServices} from '../../../../src/testing.js'
import {freePort} from '../../../support/free-port.js'
import {root, until} from '../../../support/harness.js'

export type Program = 'builtin' | 'kubo'

/** Real Kubo is tried where this machine has it. */
export const programs: readonly Program[] = hasKubo() ? ['builtin', 'kubo'] : ['builtin']

function hasKubo(): boolean {
  const folders = (process.env['PATH'] ?? '').split(':')
  return folders.some((folder) => existsSync(path.join(folder, 'ipfs'))) && isKubo()
}

function isKubo(): boolean {
  return execFileSync('ipfs', ['version']).toString().startsWith('ipfs version')
}

export interface RunningIpfs extends AsyncDisposable {
  readonly url: string
  readonly client: IpfsClient
}

/** The launch script, as a service runs it, with a folder of its own. */
export async function launchIpfs(from: Program): Promise<RunningIpfs> {
  const folder = await mkdtemp(path.join(tmpdir(), 'harness-ipfs-test-'))
  const attempt = path.join(folder, 'attempt')
  await mkdir(attempt)
  const port = await freePort()
  const script = path.join(root, 'plugins/graph/dist/launch/ipfs.js')
  const child = spawn(process.execPath, [script, '--from', from, '--port', String(port)], {
    env: {...process.env, HARNESS_RUN_DIR: attempt},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const url = `http://127.0.0.1:${port}`
  const answers = async (): Promise<boolean> => {
    if (child.exitCode !== null) throw new Error(`${from} has ended: ${output}`)
    return fetch(`${url}/api/v0/version`, {method: 'POST'}).then(
      ({ok}) => ok,
      () => false,
    )
  }
  await until(answers, `${from} answers`, 40_000)
  return {
    url,
    client: new IpfsClient(url, {services: testServices(folder), signal: new AbortController().signal}),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
      await rm(folder, {recursive: true, force: true})
    },
  }
}
