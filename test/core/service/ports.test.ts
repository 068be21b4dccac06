import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {createSocket} from 'node:dgram'
import {once} from 'node:events'
import {connect, createServer} from 'node:net'
import {networkInterfaces} from 'node:os'
import {describe, it} from 'mocha'
import type {HarnessError} from '../../../src/core/base/errors.js'
import {endpointUrl, reservePorts} from '../../../src/core/service/ports.js'
import {listener} from './listener.js'

const web = {name: 'web', protocol: 'http'} as const
const admin = {name: 'admin', protocol: 'tcp'} as const
const dns = {name: 'dns', protocol: 'udp'} as const
const nothing = {kept: {}}

/** What is said of a fixed port. */
async function busy(port: number, definition: typeof admin | typeof dns = admin): Promise<HarnessError> {
  try {
    await using _reserved = await reservePorts([{...definition, port}], nothing)
  } catch (error) {
    return error as HarnessError
  }
  return assert.fail(`port ${port} was free`)
}

/** A listener with these options. */
async function listening(options: {
  readonly host: string
  readonly ipv6Only?: boolean
}): Promise<{readonly port: number} & AsyncDisposable> {
  const server = createServer()
  server.listen({port: 0, ...options})
  await once(server, 'listening')
  return {
    port: (server.address() as {readonly port: number}).port,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

/** Another process that holds a port, with these arguments after its program. */
async function holder(program: string, args: readonly string[]) {
  const child = spawn(process.execPath, ['-e', program, '--', ...args], {stdio: ['ignore', 'pipe', 'inherit']})
  const [said] = (await once(child.stdout, 'data')) as unknown as readonly [Buffer]
  return {
    pid: child.pid,
    port: Number(said),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

const tcp = "const s = require('net').createServer().listen(0, '127.0.0.1', () => console.log(s.address().port))"
const udp = "const s = require('dgram').createSocket('udp4').bind(0, '127.0.0.1', () => console.log(s.address().port))"

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({address}) => address === '::1'))

describe('reservePorts', () => {
  it('allocates a port for 0, holds it until disposed of, and takes the same one again', async () => {
    const first = await reservePorts([{...web, port: 0}], nothing)
    const port = first.allocated['web'] ?? 0
    assert.ok(port > 0)
    assert.deepEqual(first.endpoints, [{...web, host: '127.0.0.1', port}])
    await assert.rejects(listener(port), {code: 'EADDRINUSE'})
    await first[Symbol.asyncDispose]()
    await using again = await reservePorts([{...web, port: 0}], {kept: {web: port}})
    assert.equal(again.allocated['web'], port)
  })

  it('gives different ports to services that are prepared at the same time', async () => {
    const all = await Promise.all(
      Array.from({length: 50}, () =>
        reservePorts(
          [
            {...web, port: 0},
            {...admin, port: 0},
          ],
          nothing,
        ),
      ),
    )
    const ports = all.flatMap(({endpoints}) => endpoints.map(({port}) => port))
    for (const reserved of all) await reserved[Symbol.asyncDispose]()
    assert.equal(new Set(ports).size, 100)
  })

  it('takes another port when the kept one is taken', async () => {
    await using other = await listener()
    await using reserved = await reservePorts([{...web, port: 0}], {kept: {web: other.port}})
    assert.notEqual(reserved.allocated['web'], other.port)
  })

  it('refuses a fixed port that is in use, and lets go of the others', async () => {
    await using other = await listener()
    const free = await listener()
    await free[Symbol.asyncDispose]()
    const ports = [
      {...web, port: free.port},
      {...admin, port: other.port},
    ]
    await assert.rejects(reservePorts(ports, nothing), {code: 'PORT_BUSY', subject: String(other.port)})
    await using _after = await listener(free.port)
  })

  it('does not keep a fixed port among the allocated ones, and knows the port inside a container', async () => {
    const free = await listener()
    await free[Symbol.asyncDispose]()
    await using reserved = await reservePorts([{...web, port: free.port, container: 80}], nothing)
    assert.deepEqual(reserved.allocated, {})
    assert.equal(reserved.endpoints[0]?.containerPort, 80)
    assert.equal(endpointUrl(reserved.endpoints[0]), `http://127.0.0.1:${free.port}`)
  })

  it('names the process that listens, with its command', async () => {
    await using other = await holder(tcp, ['a\u001B[31mb', 'c'.repeat(200)])
    const {code, message, details} = await busy(other.port)
    assert.equal(code, 'PORT_BUSY')
    assert.ok(message.startsWith(`Port ${other.port} is in use: by pid ${other.pid} (${process.execPath} -e `), message)
    assert.match(message, /…\)\.$/)
    assert.ok(message.length < 150)
    assert.equal((details as {readonly pid?: number}).pid, other.pid)
  })

  it('shows a command without its control characters', async () => {
    await using other = await holder(`process.title = 'a\\u001B[31mb'; ${tcp}`, [])
    assert.match((await busy(other.port)).message, /\(ab\)\.$/)
  })

  it('names the process that holds a port for UDP, which TCP does not see', async () => {
    await using other = await holder(udp, [])
    assert.match((await busy(other.port, dns)).message, new RegExp(`in use: by pid ${other.pid} \\(`))
    await using _tcp = await reservePorts([{...admin, port: other.port}], nothing)
  })

  it('says when it holds the port itself', async () => {
    await using reserved = await reservePorts([{...web, port: 0}], nothing)
    const message = (await busy(reserved.allocated['web'] ?? 0)).message
    assert.match(message, new RegExp(`by harness itself \\(pid ${process.pid}\\)`))
  })

  it('says when the port is the own end of a connection', async () => {
    await using other = await listener()
    const socket = connect(other.port, '127.0.0.1')
    await once(socket, 'connect')
    const {message} = await busy(socket.localPort ?? 0).finally(() => {
      socket.destroy()
    })
    assert.match(message, /by harness itself/)
  })

  for (const host of ['127.0.0.1', '127.0.0.2', '0.0.0.0']) {
    it(`finds a port busy that somebody has on ${host} alone`, async () => {
      await using other = await listening({host})
      assert.equal((await busy(other.port)).code, 'PORT_BUSY')
    })
  }

  it('finds a port busy that somebody has on :: for both families', async function () {
    if (!hasIpv6) this.skip()
    await using other = await listening({host: '::'})
    assert.equal((await busy(other.port)).code, 'PORT_BUSY')
  })

  for (const host of ['::1', '::']) {
    it(`finds a fixed port free that somebody has on ${host} for IPv6 alone, but allocates none such`, async function () {
      if (!hasIpv6) this.skip()
      await using other = await listening({host, ipv6Only: true})
      const fixed = await reservePorts([{...web, port: other.port}], nothing)
      await fixed[Symbol.asyncDispose]()
      await using allocated = await reservePorts([{...web, port: 0}], {kept: {web: other.port}})
      assert.notEqual(allocated.allocated['web'], other.port)
    })
  }

  it('reserves a port for UDP with UDP, and the same number for TCP beside it', async () => {
    await using reserved = await reservePorts([{...dns, port: 0}], nothing)
    const port = reserved.allocated['dns'] ?? 0
    const socket = createSocket('udp4')
    const failed = once(socket, 'error')
    socket.bind(port)
    assert.equal(((await failed) as readonly NodeJS.ErrnoException[])[0]?.code, 'EADDRINUSE')
    socket.close()
    await reserved[Symbol.asyncDispose]()
    await using both = await reservePorts(
      [
        {...dns, port},
        {...admin, port},
      ],
      nothing,
    )
    assert.equal(both.endpoints.length, 2)
  })

  it('takes one fixed port under two names', async () => {
    const free = await listener()
    await free[Symbol.asyncDispose]()
    const names = [
      {...web, port: free.port},
      {...admin, port: free.port},
    ]
    await using reserved = await reservePorts(names, nothing)
    assert.deepEqual(
      reserved.endpoints.map(({port}) => port),
      [free.port, free.port],
    )
  })

  it('never hands out a port that another service keeps', async () => {
    await using reserved = await reservePorts([{...web, port: 0}], {kept: {}, taken: new Set(notMany)})
    assert.equal(((reserved.allocated['web'] ?? 0) >> 1) % 8, 0)
  })

  it('lets go of a port at once, also when somebody has connected to it', async () => {
    const reserved = await reservePorts([{...web, port: 0}], nothing)
    const port = reserved.allocated['web'] ?? 0
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    await new Promise((resolve) => socket.once('close', resolve))
    await reserved[Symbol.asyncDispose]()
    await using _after = await listener(port)
  })
})

const notMany = Array.from({length: 65_536}, (_, port) => port).filter((port) => (port >> 1) % 8 !== 0)
