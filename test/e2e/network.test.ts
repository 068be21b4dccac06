import assert from 'node:assert/strict'
import {execFile, execFileSync, spawn, type ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {access, chmod, mkdir, readFile, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import {after, before, describe, it} from 'mocha'
import {bin, Sandbox, type Ran, until} from '../support/harness.js'
import {needs} from '../support/needs.js'

const run = promisify(execFile)

interface Machine {
  readonly host: string
  readonly net: string
  readonly process: ChildProcess
}

const isThere = (program: string): boolean => {
  try {
    execFileSync('sh', ['-c', 'command -v "$0"', program], {stdio: 'ignore'})
    return true
  } catch {
    return false
  }
}

const node = (name: string, host: string, rest: string): string => `{name: ${name}, host: ${host}, ${rest}}`
const fileOf = (device: string, nodes: readonly string[]): string => `name: two-machines
networks:
  wg:
    type: wireguard
    subnet: 10.77.0.0/24
    interface: ${device}
    config_path: ./${device}.conf
    nodes: [${nodes.join(', ')}]
services: {one: {type: process, binary: 'true'}}
`

/** What ends with 0, and what it says. */
function good({code, stdout, stderr}: Ran): string {
  assert.equal(code, 0, `${stdout}\n${stderr}`)
  return stdout
}

describe('harness network', function () {
  this.timeout(60_000)

  it('makes a key, shows what is missing, writes the file for this machine alone, and finds what differs', async function () {
    needs(this, isThere('wg'), 'wireguard-tools')
    await using box = await Sandbox.make()
    const nodes = (own: string, other: string): readonly string[] => [
      node('here', '127.0.0.1', `address: 10.77.0.1, endpoint: '192.0.2.1:51820'${own}`),
      node('there', '192.0.2.2', `address: 10.77.0.2${other}`),
    ]
    await box.write(fileOf('hwg9', nodes('', '')))
    const early = await box.run('network', 'config', 'wg')
    assert.equal(early.code, 5)
    assert.match(early.stderr, /node 'there' has no public key[^]*harness network key wg/)
    const key = await box.run('network', 'key', 'wg')
    const publicKey = good(key).trim()
    assert.match(key.stderr, /networks\.wg\.nodes\[0\]\.public_key: /)
    assert.equal(good(await box.run('network', 'key', 'wg')).trim(), publicKey, 'it stays the same')

    const other = execFileSync('sh', ['-c', 'wg genkey | wg pubkey']).toString().trim()
    await box.write(fileOf('hwg9', nodes(`, public_key: '${publicKey}'`, `, public_key: '${other}'`)))
    good(await box.run('network', 'config', 'wg', '--write'))
    const file = path.join(box.folder, 'hwg9.conf')
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    const text = await readFile(file, 'utf8')
    const privateKey = /^PrivateKey = (.*)$/m.exec(text)?.[1] ?? ''
    assert.equal(execFileSync('wg', ['pubkey'], {input: privateKey}).toString().trim(), publicKey)
    execFileSync('wg-quick', ['strip', file])

    const shown = await box.run('network', 'config', 'wg')
    assert.equal([shown.stdout, shown.stderr].join().includes(privateKey), false)
    const {checks} = await box.json<{checks: readonly {name: string; status: string; message: string}[]}>(
      ...['network', 'check', 'wg'],
    )
    assert.deepEqual(
      checks.filter(({status}) => status === 'broken'),
      [],
    )
    await chmod(file, 0o644)
    assert.match((await box.run('network', 'check', 'wg')).stdout, /Others can read .*chmod 600/s)
    await chmod(file, 0o600)
    await writeFile(file, text.replace('10.77.0.1/24', '10.77.0.9/24'))
    const drifted = await box.run('network', 'check', 'wg')
    assert.equal(drifted.code, 5)
    assert.match(drifted.stdout, /Address is 10\.77\.0\.9\/24, expected 10\.77\.0\.1\/24/)
    await writeFile(file, `# by hand\n${text.split('\n').slice(1).join('\n')}`)
    const kept = await box.run('network', 'config', 'wg', '--write')
    assert.deepEqual([kept.code, /was not written by harness[^]*--force/.test(kept.stderr)], [2, true], kept.stderr)
    good(await box.run('network', 'config', 'wg', '--write', '--force'))
    assert.equal((await readFile(file, 'utf8')).includes(privateKey), true)
  })

  it('answers with one clear error for what is no wireguard network, no node, and what has no address', async () => {
    await using box = await Sandbox.make()
    await box.write(
      "networks: {near: {type: lan}, wg: {type: wireguard, nodes: [{name: a, host: 192.0.2.1}]}, much-too-long-a-name: {type: wireguard, nodes: [{name: b, host: '127.0.0.1', address: 10.0.0.1}]}}\nservices: {one: {type: process, binary: sleep}}\n",
    )
    for (const [args, code, said] of [
      [['near'], 2, /it is of type lan/],
      [['nowhere'], 2, /no network of this name[^]*wg, much-too-long-a-name/],
      [['wg'], 2, /this machine is none of its nodes[^]*--node: a/],
      [['wg', '--node', 'c'], 2, /'wg' has no such node/],
      [['wg', '--node', 'a'], 5, /node 'a' has no address[^]*subnet/],
      [['much-too-long-a-name'], 5, /cannot be the name of an interface/],
    ] as const) {
      const ran = await box.run('network', 'config', ...args)
      assert.deepEqual([ran.code, said.test(ran.stderr)], [code, true], ran.stderr)
    }
  })

  it('takes the addresses that the daemon leases', async () => {
    await using box = await Sandbox.make()
    const key = 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg='
    const nodes = [node('a', '192.0.2.1', `public_key: '${key}'`), node('b', '192.0.2.2', `public_key: '${key}'`)]
    await box.write(fileOf('hwg9', nodes))
    const text = good(await box.run('network', 'config', 'wg', '--node', 'a'))
    assert.match(text, /^Address = 10\.77\.0\.2\/24$/m)
    assert.match(text, /^AllowedIPs = 10\.77\.0\.3\/32$/m)
  })

  describe('between two machines', () => {
    const machines: Machine[] = []
    const on = (machine: Machine, ...command: readonly string[]): Promise<{stdout: string}> =>
      run('nsenter', [`--net=${machine.net}`, ...command])

    before(async function () {
      const able = process.getuid?.() === 0 && ['wg', 'wg-quick', 'wireguard-go', 'ip'].every(isThere)
      needs(this, able, 'root, wireguard-tools, wireguard-go and iproute2')
      for (const host of ['10.99.7.1', '10.99.7.2']) {
        const own = spawn('unshare', ['--net', 'sleep', 'infinity'], {stdio: 'ignore'})
        const net = `/proc/${String(own.pid)}/ns/net`
        const outside = (await run('readlink', ['/proc/self/ns/net'])).stdout
        await until(async () => (await run('readlink', [net])).stdout !== outside, 'it has a network of its own')
        machines.push({host, net, process: own})
      }
      await run('ip', ['link', 'add', 'hwv0', 'type', 'veth', 'peer', 'name', 'hwv1'])
      for (const [index, machine] of machines.entries()) {
        await run('ip', ['link', 'set', `hwv${index}`, 'netns', String(machine.process.pid)])
        await on(machine, 'ip', 'address', 'add', `${machine.host}/24`, 'dev', `hwv${index}`)
        await on(machine, 'ip', 'link', 'set', `hwv${index}`, 'up')
        await on(machine, 'ip', 'link', 'set', 'lo', 'up')
      }
    })
    after(() => {
      for (const machine of machines) machine.process.kill('SIGKILL')
    })

    it('brings the interfaces up, over which they reach each other, and takes them down again', async () => {
      await using box = await Sandbox.make()
      const harness = async (machine: Machine, folder: string, ...args: readonly string[]): Promise<Ran> =>
        new Promise((resolve) => {
          const command = [`--net=${machine.net}`, process.execPath, bin, ...args]
          const cwd = path.join(box.folder, folder)
          execFile('nsenter', command, {cwd, env: box.env}, (error, stdout, stderr) => {
            resolve({code: error ? Number(error.code) : 0, stdout, stderr})
          })
        })
      const names = ['hwg0', 'hwg1']
      const nodes = (publicKeys: readonly string[]): readonly string[] =>
        machines.map(({host}, index) => {
          const key = publicKeys[index]
          const rest = `address: 10.77.0.${index + 1}, endpoint: '${host}:51820'`
          return node(`m${index}`, host, key === undefined ? rest : `${rest}, public_key: '${key}'`)
        })
      const write = async (keys: readonly string[]): Promise<void> => {
        for (const name of names) {
          await mkdir(path.join(box.folder, name), {recursive: true})
          await writeFile(path.join(box.folder, name, 'harness.yaml'), fileOf(name, nodes(keys)))
        }
      }
      await write([])
      const keys = await Promise.all(
        machines.map(async (each, index) =>
          good(await harness(each, names[index] ?? '', 'network', 'key', 'wg')).trim(),
        ),
      )
      await write(keys)
      for (const [index, machine] of machines.entries()) {
        const name = names[index] ?? ''
        good(await harness(machine, name, 'network', 'config', 'wg', '--write'))
        good(await harness(machine, name, 'network', 'up', 'wg'))
        assert.match(good(await harness(machine, name, 'network', 'check', 'wg')), /hwg\d is up\./)
      }
      const [first, second] = machines
      assert.ok(first && second)
      const hears =
        "require('net').createServer((s) => s.end('heard')).listen(7070, '10.77.0.2', () => console.log('listens'))"
      const asks =
        "require('net').connect({host: '10.77.0.2', port: 7070, timeout: 5000}).on('timeout', () => process.exit(1)).pipe(process.stdout)"
      const server = spawn('nsenter', [`--net=${second.net}`, process.execPath, '-e', hears])
      await once(server.stdout, 'data')
      const ask = (): Promise<{stdout: string}> => on(first, process.execPath, '-e', asks)
      assert.equal((await ask()).stdout, 'heard')
      const twice = await harness(first, 'hwg0', 'network', 'up', 'wg')
      assert.deepEqual([twice.code, /is up already/.test(twice.stderr)], [5, true], twice.stderr)
      for (const [index, machine] of machines.entries()) {
        good(await harness(machine, names[index] ?? '', 'network', 'down', 'wg'))
      }
      await assert.rejects(ask())
      server.kill('SIGKILL')
      await assert.rejects(access('/var/run/wireguard/hwg0.sock'))
    })
  })
})
