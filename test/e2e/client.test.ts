import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {connect, type EventItem, type HarnessClient} from '../../src/index.js'
import {Sandbox, until} from '../support/harness.js'

const ticker = (name: string, lines: number): string =>
  `  ${name}: {type: process, binary: sh, args: [-c, 'i=0; while [ $$i -lt ${lines} ]; do i=$$((i+1)); echo ${name} $$i; sleep 0.01; done; exec sleep 1000']}`

async function open(sandbox: Sandbox): Promise<{readonly client: HarnessClient; readonly stack: string}> {
  const file = await sandbox.write(['name: demo', 'services:', ticker('a', 300), ticker('b', 300), ''].join('\n'))
  assert.equal((await sandbox.run('daemon', 'start')).code, 0)
  const client = await connect({stateDirectory: sandbox.state})
  return {client, ...(await client.stack.loadFile({file}))}
}

describe('the client of programs', function () {
  this.timeout(60_000)

  it('connects to a daemon that runs, and starts one only when it is asked to', async () => {
    await using sandbox = await Sandbox.make()
    await assert.rejects(connect({stateDirectory: sandbox.state}), {code: 'DAEMON_UNREACHABLE'})
    assert.deepEqual(await sandbox.processes(), [])
    await using client = await connect({stateDirectory: sandbox.state, start: true})
    // It answers a moment before it has written down where.
    await until(
      () =>
        sandbox
          .daemonPid()
          .catch(() => 0)
          .then((pid) => pid === client.hello.daemon.pid),
      'it is that one',
    )
    const killed = await sandbox.killDaemon()
    const {pid} = await client.daemon.info()
    assert.notEqual(pid, killed)
    assert.equal(client.hello.daemon.pid, pid)
  })

  it('follows events and logs over kill -9 of the daemon, each once and in order', async () => {
    await using sandbox = await Sandbox.make()
    const {client, stack} = await open(sandbox)
    await using _client = client
    const items: EventItem<'service.state'>[] = []
    const events = client.events({topics: ['service.state'], snapshot: true})
    const following = (async () => {
      for await (const item of events) items.push(item)
    })()
    await events.ready
    const texts: string[] = []
    const logs = client.logs({stack, follow: true})
    const reading = (async () => {
      for await (const {text} of logs) texts.push(text)
    })()
    assert.deepEqual((await client.service.start({stack})).failed, [])
    await until(() => texts.length > 50, 'some lines have come')
    await sandbox.killDaemon()
    assert.equal((await sandbox.run('daemon', 'start')).code, 0)
    await until(() => texts.length > 300, 'more lines come')
    await sandbox.killDaemon()
    assert.equal((await sandbox.run('daemon', 'start')).code, 0)
    await until(() => texts.length >= 600, 'all lines have come')
    for (const name of ['a', 'b']) {
      assert.deepEqual(
        texts.filter((text) => text.startsWith(name)),
        Array.from({length: 300}, (_, index) => `${name} ${index + 1}`),
      )
    }
    // Until it is connected again it would hear of the stop by a snapshot alone.
    const {epoch} = await client.daemon.info()
    await until(() => items.at(-1)?.epoch === epoch, 'the events of this daemon are followed')
    assert.deepEqual((await client.service.stop({stack, dependents: 'stop'})).failed, [])
    await until(
      () => items.filter((item) => item.topic !== 'snapshot' && item.to === 'Stopped').length === 2,
      'stopped',
    )
    // Whether it was connected between the two kills is a matter of chance.
    const gaps = items.flatMap((item) => (item.topic === 'snapshot' ? [item.gap] : []))
    assert.match(gaps.join(' '), /^false true( true)?$/)
    const seen = items.map(({epoch, seq}) => `${epoch} ${seq}`)
    assert.equal(new Set(seen).size, seen.length)
    await Promise.all([events.return(), logs.return(), following, reading])
  })

  it('carries a start on over kill -9 of the daemon', async () => {
    await using sandbox = await Sandbox.make()
    const file = await sandbox.write(`
services:
  slow: {type: process, binary: sleep, args: ['1000'], min_uptime: 2s}
  late: {type: process, binary: sleep, args: ['1000'], dependencies: [slow]}
`)
    await using client = await connect({stateDirectory: sandbox.state, start: true})
    const {stack} = await client.stack.loadFile({file})
    const begun = new Promise<void>((resolve) => {
      void client
        .events({topics: ['service.state']})
        .next()
        .then(() => {
          resolve()
        })
    })
    const start = client.service.start({stack, services: ['late']})
    await begun
    await sandbox.killDaemon()
    assert.deepEqual((await start).failed, [])
    const {services} = await client.service.status({stack})
    assert.deepEqual(
      services.map(({state}) => state),
      ['Running', 'Running'],
    )
  })
})
