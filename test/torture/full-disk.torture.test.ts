import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {appendFile, mkdir, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import type {ServiceStatus, StackStatus} from '../../src/core/contract/status.js'
import {Sandbox, until} from '../support/harness.js'
import {kill9} from './support/daemon.js'
import {measured} from './support/sizes.js'

describe('a daemon whose disk is full', function () {
  this.timeout(120_000)

  it('says so, with the code of this machine, when a command starts it there', async function () {
    await using sandbox = await Sandbox.make()
    await mkdir(sandbox.state, {mode: 0o700})
    if (!mountSmallDisk(sandbox.state)) this.skip()
    try {
      await sandbox.write('services: {one: {type: process, binary: sleep, args: ["1000"]}}')
      await fill(path.join(sandbox.state, 'filler'))
      const refused = await sandbox.run('start')
      assert.equal(refused.code, 5, refused.stderr)
      assert.match(refused.stderr, /daemon\.lock' for its state: no space is left on its disk/)
    } finally {
      execFileSync('umount', ['--lazy', sandbox.state])
    }
  })

  it('answers, keeps the state and exit codes, and goes on when there is space (P4)', async function () {
    await using sandbox = await Sandbox.make()
    await mkdir(sandbox.state, {mode: 0o700})
    if (!mountSmallDisk(sandbox.state)) this.skip()
    try {
      await sandbox.write(`
services:
  keeps: {type: process, binary: sleep, args: ['1000']}
  ends: {type: process, binary: sh, args: [-c, 'trap "exit 7" USR1; while :; do sleep 0.1; done']}
  dies: {type: process, binary: sleep, args: ['1000']}
  later: {type: process, binary: sleep, args: ['1000']}
`)
      assert.equal((await sandbox.run('start', 'keeps', 'ends', 'dies')).code, 0)
      const before = await services(sandbox)
      const daemon = await sandbox.daemonPid()
      const filler = path.join(sandbox.state, 'filler')
      await fill(filler)

      process.kill(before('ends').pid ?? 0, 'SIGUSR1')
      kill9(before('dies').pid ?? 0)
      const refused = await sandbox.run('start', 'later')
      assert.notEqual(refused.code, 0, 'nothing is acknowledged that is not on disk')
      assert.match(refused.stderr, /could not be written|no space left/i)
      const full = await services(sandbox)
      assert.equal(await sandbox.daemonPid(), daemon, 'the daemon is up')
      assert.deepEqual([full('keeps').state, full('keeps').pid], ['Running', before('keeps').pid])

      // Also for one that comes up on the full disk, as far as it can; with space it must.
      await sandbox.killDaemon()
      const alone = await sandbox.run('status')
      assert.equal(alone.code, 0, alone.stderr)
      assert.match(alone.stdout, /^keeps +Running/m)
      assert.equal((await sandbox.run('logs')).code, 0)
      await rm(filler)
      await until(() => sandbox.daemonPid().then(Boolean, () => false), 'its info file is written')
      const began = systemClock.monotonic()
      await until(async () => (await sandbox.run('start', 'later')).code === 0, 'it works again', 20_000)
      await until(async () => (await services(sandbox))('ends').exit !== null, 'the ends are told', 20_000)
      measured('works again after', `${Math.round(systemClock.monotonic() - began)} ms`)
      const after = await services(sandbox)
      assert.deepEqual([after('ends').exit?.code, after('ends').state], [7, 'Failed'])
      assert.equal(after('dies').exit?.signal, 'SIGKILL')
      assert.equal(after('keeps').pid, before('keeps').pid, 'what ran goes on')
      assert.equal(after('later').state, 'Running')
      assert.equal((await sandbox.run('debug', 'census')).code, 0)
      assert.equal((await sandbox.run('stop')).code, 0)
    } finally {
      await sandbox.killDaemon().catch(() => undefined)
      execFileSync('umount', ['--lazy', sandbox.state])
    }
  })
})

/** How each service stands. */
async function services(sandbox: Sandbox): Promise<(name: string) => ServiceStatus> {
  const {services: all} = await sandbox.json<StackStatus>('status')
  return (name) => {
    const found = all.find((each) => each.name === name)
    assert.ok(found, name)
    return found
  }
}

/** 1 MB, as root only. */
function mountSmallDisk(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', folder], {stdio: 'ignore'})
    return true
  } catch {
    assert.notEqual(process.env['CI'], 'true', 'This test needs a user who may mount a tmpfs; CI must run as one.')
    console.log('      skipped: only a user who may mount a tmpfs can fill a disk')
    return false
  }
}

/** Takes the last free byte. */
async function fill(file: string): Promise<void> {
  await writeFile(file, '')
  for (let size = 65_536; size >= 1; size = Math.floor(size / 2)) {
    while (
      await appendFile(file, Buffer.alloc(size)).then(
        () => true,
        () => false,
      )
    );
  }
}
