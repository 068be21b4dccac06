import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {describe, it} from 'mocha'
import {connect} from '../../src/core/client/connect.js'
import {systemClock} from '../../src/core/base/clock.js'
import type {ServiceStatus, StackStatus} from '../../src/core/contract/status.js'
import {Sandbox, until} from '../support/harness.js'
import {needs} from '../support/needs.js'
import {kill9} from './support/daemon.js'
import {findRealDaemon} from './support/real-daemon.js'
import {canTrace} from './support/traced.js'

const readOnly = /a sync failed \(EIO.*\), so the state is read-only from now on.*harness daemon restart/s

describe('a daemon whose disk fails a sync', function () {
  this.timeout(120_000)

  it('acknowledges nothing any more, says so to everybody, and is whole again after a restart (P5)', async function () {
    const {isThere, works} = await canTrace()
    needs(this, isThere && works, 'strace, and a kernel that lets it look at processes')
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
name: demo
services:
  keeps: {type: process, binary: sleep, args: ['1000']}
  ends: {type: process, binary: sh, args: [-c, 'trap "exit 7" USR1; while :; do sleep 0.1; done']}
  crashes: {type: process, binary: sleep, args: ['1000'], restart: always}
  later: {type: process, binary: sleep, args: ['1000']}
`)
    assert.equal((await sandbox.run('start', 'keeps', 'ends', 'crashes')).code, 0)
    const before = await services(sandbox)
    const daemon = await sandbox.daemonPid()

    const heal = await failSyncs(daemon)
    const first = await sandbox.run('start', 'later')
    assert.equal(first.code, 5, first.stderr)
    assert.match(first.stderr, readOnly)
    await heal()

    // The disk is well again, which changes nothing: what it holds is not known.
    for (const words of [
      ['start', 'later'],
      ['stop', 'keeps'],
      ['restart', 'keeps'],
    ]) {
      const {code, stderr} = await sandbox.run(...words)
      assert.equal(code, 5, `${words.join(' ')}: ${stderr}`)
      assert.match(stderr, readOnly)
    }
    process.kill(before('ends').pid ?? 0, 'SIGUSR1')
    kill9(before('crashes').pid ?? 0)
    await until(
      async () => (await logged(sandbox)).filter((line) => /could not be moved/.test(line)).length >= 2,
      'both ends are noticed',
    )

    const status = await sandbox.run('status')
    assert.equal(status.code, 0, 'what is known can be read')
    assert.match(status.stderr, /^Warning: .*read-only.*\n.*may be out of date/)
    const shown = await services(sandbox)
    assert.deepEqual([shown('keeps').state, shown('keeps').pid], ['Running', before('keeps').pid])
    assert.deepEqual([shown('later').state, shown('later').attempt], ['NotStarted', before('later').attempt])
    const doctor = await sandbox.run('doctor')
    assert.equal(doctor.code, 5)
    assert.match(doctor.stdout, /read-only from now on/)
    assert.match((await sandbox.run('daemon', 'metrics')).stdout, /^harness_state_writable 0$/m)
    await using client = await connect({
      stateDirectory: sandbox.state,
      client: {name: 'test', version: '0'},
      clock: systemClock,
    })
    assert.equal((await client.call('daemon.info', {})).stateProblem?.code, 'STATE_WRITE_FAILED')
    assert.equal(
      (await logged(sandbox)).filter(
        (line) => /read-only/.test(line) && /"level":"error"/.test(line) && !/moved/.test(line),
      ).length,
      1,
      'the log has it once',
    )
    assert.equal(await sandbox.daemonPid(), daemon, 'it is up')

    assert.equal((await sandbox.run('daemon', 'restart')).code, 0)
    await until(async () => (await services(sandbox))('ends').exit !== null, 'the ends are told')
    await until(async () => (await services(sandbox))('crashes').attempt === 2, 'what has to run is started again')
    const after = await services(sandbox)
    assert.deepEqual([after('ends').exit?.code, after('ends').state], [7, 'Failed'])
    assert.equal(after('keeps').pid, before('keeps').pid, 'what ran goes on')
    const healed = await sandbox.run('start', 'later')
    assert.deepEqual([healed.code, /Warning/.test(healed.stderr)], [0, false], healed.stderr)
    assert.equal((await sandbox.run('debug', 'census')).code, 0)
  })
})

/** From now on every sync of that process fails; resolves, once that is so, with what ends it. */
async function failSyncs(pid: number): Promise<() => Promise<void>> {
  const calls = ['-e', 'trace=fsync,fdatasync', '-e', 'inject=fsync,fdatasync:error=EIO']
  const strace = spawn('strace', ['-f', '-p', String(pid), ...calls], {stdio: ['ignore', 'ignore', 'pipe']})
  let said = ''
  strace.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  await until(() => said.includes('attached'), 'strace is attached')
  return async () => {
    const ended = once(strace, 'exit')
    strace.kill('SIGINT')
    await ended
  }
}

async function logged(sandbox: Sandbox): Promise<readonly string[]> {
  return (await (await findRealDaemon(sandbox)).log()).split('\n')
}

/** How each service stands. */
async function services(sandbox: Sandbox): Promise<(name: string) => ServiceStatus> {
  const {services: all} = await sandbox.json<StackStatus>('status')
  return (name) => {
    const found = all.find((each) => each.name === name)
    assert.ok(found, name)
    return found
  }
}
