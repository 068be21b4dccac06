import assert from 'node:assert/strict'
import {execFile, spawn} from 'node:child_process'
import {promisify} from 'node:util'
import {after, before, describe, it} from 'mocha'
import {censusOf, hasFarMachines, startFarMachine, type FarMachine} from '../../support/far-machine.js'
import {Sandbox, until} from '../../support/harness.js'
import {needs} from '../../support/needs.js'

const run = promisify(execFile)

/** Answers each connection with what it is, and with what the one that it was given answers. */
const server = (name: string): string => `
const net = require('node:net')
const next = process.env.NEXT && new URL(process.env.NEXT)
net.createServer((socket) => {
  socket.on('error', () => undefined)
  if (!next) return socket.end('${name}')
  socket.write('${name} ')
  net.connect(next.port, next.hostname).on('error', (error) => socket.end(error.message)).pipe(socket)
}).listen(Number(process.argv[1]), '127.0.0.1')`

interface Status {
  readonly services: readonly {
    readonly name: string
    readonly state: string
    readonly endpoints: readonly {readonly host: string; readonly port: number; readonly containerPort?: number}[]
  }[]
}

describe('plugins/ssh, ports of another machine', function () {
  this.timeout(60_000)
  let machine: FarMachine | undefined
  const far = (): FarMachine => {
    assert.ok(machine, 'the machine has not started')
    return machine
  }
  before(async function () {
    needs(this, hasFarMachines(), 'sshd and network namespaces, as root')
    machine = await startFarMachine({name: 'far'})
  })
  after(async () => {
    await machine?.[Symbol.asyncDispose]()
  })

  const stack = (port: string): string => {
    const node = (name: string, rest: string): string =>
      `  ${name}: {binary: ${process.execPath}, args: [-e, ${JSON.stringify(server(name))}, '\${${name}.port}'], ${rest}}\n`
    const remote = `type: remote, host: far, health_check: {tcp: '\${NAME.host}:\${NAME.port}', interval: 1s}`
    const on = (name: string): string => remote.replaceAll('NAME', name)
    return [
      'name: carried\nservices:\n',
      node('db', 'type: process, ports: [0]'),
      node('api', `${on('api')}, ports: [${port}], env: {NEXT: '\${db.url}'}, dependencies: [db]`),
      node('twin', `${on('twin')}, ports: [0], env: {NEXT: '\${db.url}'}, dependencies: [db]`),
      node('edge', `${on('edge')}, ports: [0], env: {NEXT: '\${api.url}'}, dependencies: [api]`),
      node('web', `type: process, ports: [0], env: {NEXT: '\${edge.url}'}, dependencies: [edge]`),
    ].join('')
  }
  const answer = async (box: Sandbox, service: string): Promise<string> => {
    const {services} = await box.json<Status>('status')
    const [endpoint] = services.find(({name}) => name === service)?.endpoints ?? []
    assert.ok(endpoint, service)
    const ask = `require('net').connect(${endpoint.port}, '${endpoint.host}').on('error', (e) => console.log(e.message)).pipe(process.stdout)`
    return (await run(process.execPath, ['-e', ask])).stdout
  }
  const sandbox = async (): Promise<Sandbox> => {
    const box = await Sandbox.make()
    box.variables = {HARNESS_SSH_CONFIG: far().config}
    return box
  }

  it('are ports here, and those of this machine are its own, also after the daemon was killed and the link was cut', async () => {
    await using box = await sandbox()
    await box.write(stack('18191'))
    const started = await box.run('start')
    assert.equal(started.code, 0, started.stderr)
    assert.equal(await answer(box, 'web'), 'web edge api db')
    assert.equal(await answer(box, 'twin'), 'twin db')
    await box.killDaemon()
    await until(async () => (await answer(box, 'web')) === 'web edge api db', 'it is carried again')
    await run('pkill', ['-KILL', '-P', String(far().sshd.pid)])
    await until(async () => (await answer(box, 'web')) === 'web edge api db', 'it is carried over another link', 30_000)
    const {stdout} = await box.run('registry', 'get', 'edge')
    assert.match(stdout, /through the tunnel to far/)
    const restarted = await box.run('restart', 'twin')
    assert.equal(restarted.code, 0, restarted.stderr)
    assert.equal(await answer(box, 'web'), 'web edge api db', 'its port there is that of others too')
    const stopped = await box.run('stop')
    assert.equal(stopped.code, 0, stopped.stderr)
    const {ports} = await censusOf(far().enter)
    assert.deepEqual(ports, [far().sshd.port], 'only the sshd listens there any more')
  })

  it('of UDP, and ports that are in use there, are an error of the start', async () => {
    await using box = await sandbox()
    await box.write(
      "services: {api: {type: remote, host: far, binary: sleep, args: ['60'], ports: [{port: 53, protocol: udp}]}}\n",
    )
    const datagrams = await box.run('start')
    assert.deepEqual(
      [datagrams.code, /'default' is one of UDP[^]*forward: never/.test(datagrams.stderr)],
      [4, true],
      datagrams.stderr,
    )
    await box.write(
      [
        'services:',
        `  db: {type: process, binary: sleep, args: ['60'], ports: [${far().sshd.port}]}`,
        "  api: {type: remote, host: far, binary: sleep, args: ['60'], env: {DB: '${db.url}'}, dependencies: [db]}",
        '',
      ].join('\n'),
    )
    const busy = await box.run('start')
    assert.equal(busy.code, 4)
    assert.match(
      busy.stderr,
      new RegExp(
        `port ${far().sshd.port} of this machine cannot be one of .*far|port ${far().sshd.port} of this machine cannot be`,
      ),
    )
    await box.run('stop')
  })

  it('are carried from what runs there already as well', async () => {
    await using box = await sandbox()
    const program = [process.execPath, '-e', server('old'), '18193']
    const old = spawn('env', [...far().enter, ...program], {stdio: 'ignore'})
    await box.write(`services: {old: {type: remote, host: far, attach: {pid: ${String(old.pid)}}, ports: [18193]}}\n`)
    assert.equal((await box.run('start')).code, 0)
    await until(async () => (await answer(box, 'old')) === 'old', 'it is carried')
    await box.run('stop')
    assert.match(await answer(box, 'old').catch(() => 'ECONNREFUSED'), /ECONNREFUSED/)
    old.kill('SIGKILL')
  })

  it('are reached directly where the target says so', async () => {
    await using box = await sandbox()
    await box.write(
      "services: {api: {type: remote, host: far, forward: never, binary: sleep, args: ['60'], ports: [18192]}}\n",
    )
    assert.equal((await box.run('start')).code, 0)
    const {services} = await box.json<Status>('status')
    assert.deepEqual(
      services[0]?.endpoints.map(({host, port}) => [host, port]),
      [['far', 18_192]],
    )
    await box.run('stop')
  })
})
