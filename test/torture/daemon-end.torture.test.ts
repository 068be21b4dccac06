import assert from 'node:assert/strict'
import {once} from 'node:events'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import type {StackStatus} from '../../src/core/contract/status.js'
import {Sandbox, until} from '../support/harness.js'
import {openConnections} from './support/open-connections.js'

const size = process.env['HARNESS_TORTURE'] ? {services: 50, followers: 10} : {services: 10, followers: 2}

describe('L11: the end of a daemon with services that write, and clients that follow', function () {
  this.timeout(120_000)

  it('is exit 0, and the services are the same afterwards', async () => {
    await using sandbox = await Sandbox.make()
    const script = 'while :; do echo line; sleep 0.05; done'
    const names = Array.from({length: size.services}, (_, index) => `s${index}`)
    const services = names.map((name) => `  ${name}: {type: process, binary: sh, args: [-c, '${script}']}`)
    await sandbox.write(`services:\n${services.join('\n')}\n`)
    const daemon = sandbox.begin('daemon')
    const ended = once(daemon, 'exit')
    await until(() => sandbox.daemonPid().then(Boolean, () => false), 'the daemon answers')
    assert.equal((await sandbox.run('start')).code, 0)
    const before = await sandbox.json<StackStatus>('status')
    const followers = Array.from({length: size.followers}, () => sandbox.begin('logs', '-f'))
    const connected = async (): Promise<boolean> => (await openConnections(sandbox)) >= size.followers
    await until(connected, 'the followers are there')
    const began = systemClock.monotonic()
    daemon.kill('SIGTERM')
    assert.deepEqual(await ended, [0, null])
    console.log(`      ended after ${Math.round(systemClock.monotonic() - began)} ms`)
    for (const follower of followers) follower.kill('SIGKILL')
    const after = await sandbox.json<StackStatus>('status')
    const facts = ({services: list}: StackStatus): unknown =>
      list.map(({name, pid, state, attempt}) => ({name, pid, state, attempt}))
    assert.deepEqual(facts(after), facts(before))
  })
})
