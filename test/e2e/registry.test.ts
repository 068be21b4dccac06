import assert from 'node:assert/strict'
import {mkdir} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {RegisteredService} from '../../src/core/contract/registry.js'
import {isAlive, Sandbox, until} from '../support/harness.js'

interface Listed {
  readonly services: readonly RegisteredService[]
}

const sleeper = "{type: process, binary: sleep, args: ['1000'], ports: {http: 0}}"

describe('registry', function () {
  this.timeout(60_000)

  it('after kill -9 of the daemon has what was looked at, and not what ended meanwhile', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`services: {api: ${sleeper}, db: ${sleeper}, web: ${sleeper}}`)
    assert.equal((await sandbox.run('start')).code, 0)
    const before = (await sandbox.json<Listed>('registry', 'list')).services
    assert.deepEqual(
      before.map(({service, alive, verified, ready}) => [service, alive, verified, ready]),
      ['api', 'db', 'web'].map((name) => [name, true, true, true]),
    )
    const pidOf = (name: string): number => before.find(({service}) => service === name)?.pid ?? 0

    await sandbox.killDaemon()
    const killedAt = new Date().toISOString()
    process.kill(pidOf('db'), 'SIGKILL')
    await until(async () => !(await isAlive(pidOf('db'))), 'db is dead')

    const {services} = await sandbox.json<Listed>('registry', 'list', '--all')
    for (const {service, alive, verified, checkedAt, pid} of services) {
      assert.equal(verified, true, service)
      if (service === 'db') assert.deepEqual([alive, pid], [false, null], 'what ended is not said to be there')
      else assert.deepEqual([alive, pid], [true, pidOf(service)], service)
      if (service !== 'db') assert.ok((checkedAt ?? '') > killedAt, 'looked at by the daemon that answers')
    }
    const ready = (await sandbox.json<Listed>('registry', 'list')).services.map(({service}) => service)
    assert.deepEqual(ready, ['api', 'web'])
    assert.equal((await sandbox.run('stop')).code, 0)
    assert.deepEqual(await sandbox.json<Listed>('registry', 'list'), {services: []})
  })

  it('shows machines and networks, and the addresses of a service by who asks', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
name: shop
networks: {wg: {type: wireguard, subnet: 10.99.0.0/24, interface: nowhere0, nodes: [{name: island}]}}
services: {api: ${sleeper}, db: ${sleeper}}`)
    assert.equal((await sandbox.run('start')).code, 0)
    const {stdout} = await sandbox.run('registry', 'topology')
    assert.match(
      stdout,
      /^this machine \(.+\)\n├─ shop\/api\n└─ shop\/db\nisland\n\nwg \(wireguard, 10\.99\.0\.0\/24, of shop\)\n└─ island 10\.99\.0\.2 \(leased\)\n$/,
    )
    await sandbox.killDaemon()
    assert.equal(
      (await sandbox.run('registry', 'topology')).stdout,
      stdout,
      'the same after another daemon has taken over',
    )
    const {services} = await sandbox.json<{
      services: {addresses: {here: boolean; services: string[]; host: string}[]}[]
    }>(...['registry', 'get', 'db'])
    const [view] = services[0]?.addresses ?? []
    assert.deepEqual([view?.here, view?.services, view?.host], [true, ['api'], '127.0.0.1'])
    assert.match(
      (await sandbox.run('registry', 'get', 'db')).stdout,
      /this machine, api +http:\/\/127\.0\.0\.1:\d+ +both run on/,
    )
  })

  it('shows services of all stacks, and everything of one', async () => {
    await using sandbox = await Sandbox.make()
    for (const name of ['left', 'right']) {
      await mkdir(path.join(sandbox.folder, name))
      const file = await sandbox.write(`services: {api: ${sleeper}}`, path.join(name, 'harness.yaml'))
      assert.equal((await sandbox.run('start', '-c', file)).code, 0)
    }
    const {stdout} = await sandbox.run('registry', 'list')
    for (const name of ['left', 'right']) {
      assert.match(stdout, new RegExp(`^${name} +api +Running +now +pid \\d+ +http://127\\.0\\.0\\.1:\\d+$`, 'm'))
    }
    const one = await sandbox.json<Listed>('registry', 'list', '--stack', 'right')
    assert.deepEqual(
      one.services.map(({stackName}) => stackName),
      ['right'],
    )
    const got = await sandbox.run('registry', 'get', 'api', '--stack', 'left')
    for (const line of [/there +yes, and ready/, /endpoint http +http:/, /attempt 1 .*\(the newest\)/]) {
      assert.match(got.stdout, line)
    }
    const wrong = await sandbox.run('registry', 'get', 'ghost', '--stack', 'left')
    assert.equal(wrong.code, 2)
    assert.match(wrong.stderr, /expected one of api/)
  })
})
