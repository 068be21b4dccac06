// What people install, as they do: packs the root and the plugins, installs them globally, into an empty prefix and without running one install script, and starts
// and stops the quickstart with it. Then the plugins that are not part of it are installed from their tarballs. `npm run test:package`; needs the registry for what is not in npm's cache.
import assert from 'node:assert/strict'
import {execFile, spawn} from 'node:child_process'
import {cp, mkdtemp, readFile, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {createInterface} from 'node:readline'
import {promisify} from 'node:util'
import {root} from './run.mjs'

const folder = await mkdtemp(path.join(tmpdir(), 'harness-package-'))
const prefix = path.join(folder, 'prefix')
const quickstart = path.join(folder, 'quickstart')
// What npm tells its scripts about this repository is not about that folder.
const inherited = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))
const own = {HARNESS_STATE_DIR: path.join(folder, 'state'), HARNESS_NO_USER_PLUGINS: '1', NO_COLOR: '1'}
const env = {...Object.fromEntries(inherited), ...own}

try {
  await run('npm', ['pack', '--pack-destination', folder, '--workspaces', '--include-workspace-root'], root)
  const tarballs = (await readdir(folder)).filter((name) => name.endsWith('.tgz'))
  const mcp = tarballs.find((name) => name.includes('plugin-mcp'))
  const graph = tarballs.find((name) => name.includes('plugin-graph'))
  const others = tarballs.filter((name) => name !== mcp && name !== graph).map((name) => `./${name}`)
  const install = [
    'install',
    '--global',
    '--prefix',
    prefix,
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
  ]
  await run('npm', [...install, ...others], folder)
  console.log(`installed ${others.join(' and ')} globally, without scripts`)
  const source = path.join(root, 'examples/quickstart')
  await cp(source, quickstart, {recursive: true, filter: (file) => path.basename(file) !== 'data'})

  const {version} = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'))
  assert.match(await harness('--version'), new RegExp(`/${version.replaceAll('.', String.raw`\.`)} `))
  await harness('start')
  const {services} = JSON.parse(await harness('status', '--json'))
  assert.deepEqual([...new Set(services.map(({state}) => state))], ['Running'])
  await harness('doctor')
  await harness('stop')
  console.log(`started and stopped ${services.map(({name}) => name).join(', ')}`)

  Object.assign(env, {HARNESS_NO_USER_PLUGINS: '', HARNESS_DATA_DIR: path.join(folder, 'data')})
  await harness('plugins', 'install', `file:${path.join(folder, mcp)}`)
  const {serverInfo} = await greetAgentServer()
  assert.deepEqual(serverInfo, {name: 'harness', version})
  console.log('installed the plugin mcp, which answers')

  await harness('plugins', 'install', `file:${path.join(folder, graph)}`)
  const {types} = JSON.parse(await harness('types', '--json'))
  const brought = types.filter(({plugin}) => plugin.name.includes('plugin-graph')).map(({name}) => name)
  for (const type of ['anvil', 'graph-node', 'ipfs', 'postgres', 'graph-contracts'])
    assert.ok(brought.includes(type), type)
  await harness('graph', 'init', 'graph')
  await harness('validate', '--strict', '-c', 'graph/harness.yaml')
  console.log(`installed the plugin graph, which brings ${brought.join(', ')}`)
} finally {
  await harness('daemon', 'stop', '--stop-services').catch(() => undefined)
  await rm(folder, {recursive: true, force: true, maxRetries: 3})
}

function harness(...args) {
  return run(path.join(prefix, 'bin/harness'), args, quickstart)
}

/** What `harness mcp` answers an agent that begins. */
async function greetAgentServer() {
  const clientInfo = {name: 'try-package', version: '0'}
  const params = {protocolVersion: '2025-06-18', capabilities: {}, clientInfo}
  const server = spawn(path.join(prefix, 'bin/harness'), ['mcp'], {cwd: quickstart, env})
  server.stdin.write(`${JSON.stringify({jsonrpc: '2.0', id: 1, method: 'initialize', params})}\n`)
  for await (const line of createInterface(server.stdout)) {
    server.stdin.end()
    return JSON.parse(line).result
  }
  throw new Error('harness mcp has answered nothing.')
}

/** What a program prints; its standard error when it fails. */
async function run(program, args, cwd) {
  const {stdout} = await promisify(execFile)(program, args, {cwd, env, maxBuffer: 16 * 1024 * 1024})
  return stdout
}
