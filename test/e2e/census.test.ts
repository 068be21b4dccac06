import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {open, readdir, readFile, rm} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {newId} from '../../src/core/base/ids.js'
import type {DaemonCensus} from '../../src/core/protocol/methods.js'
import {isAlive, Sandbox, until} from '../support/harness.js'

type Census = DaemonCensus & {readonly running: boolean}

describe('a census', function () {
  this.timeout(60_000)

  it('names each attempt by pid, shim, start and run directory, as /proc has them', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
services:
  one: {type: process, binary: sleep, args: ['1000']}
  two: {type: process, binary: sleep, args: ['1000']}
`)
    assert.deepEqual((await sandbox.json<Census>('debug', 'census')).running, false)
    assert.equal((await sandbox.run('start')).code, 0)
    const census = await sandbox.json<Census>('debug', 'census')
    assert.deepEqual(census.attempts.map(({name}) => name).sort(), ['one', 'two'])
    assert.deepEqual([census.strays, census.mismatches], [[], []])
    for (const attempt of census.attempts) {
      const stat = await readFile(`/proc/${String(attempt.pid)}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      assert.deepEqual([Number(fields[1]), Number(fields[19])], [attempt.shimPid, attempt.startTick])
      assert.equal(attempt.bootId, census.bootId)
      assert.match(await readFile(`/proc/${String(attempt.pid)}/environ`, 'utf8'), new RegExp(attempt.instance))
      assert.ok((await readdir(attempt.runDirectory ?? '')).includes('run'))
    }
    const {stdout, code} = await sandbox.run('debug', 'census')
    assert.equal(code, 0)
    assert.match(stdout, /^NAME +STACK +STATE +ATTEMPT +PID +SHIM +START +THERE +RUN DIRECTORY$/m)
  })

  it('finds what runs beside the attempt that is believed in, and what is left over, and ends with 4', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`services: {one: {type: process, binary: sleep, args: ['1000']}}\n`)
    assert.equal((await sandbox.run('start')).code, 0)
    const [first] = (await sandbox.json<Census>('debug', 'census')).attempts
    assert.equal((await sandbox.run('restart')).code, 0)
    const [second] = (await sandbox.json<Census>('debug', 'census')).attempts
    // As a program of the first attempt would be that nobody ended.
    const env = {...process.env, HARNESS_INSTANCE: first?.instance}
    const left = spawn('sleep', ['1000'], {env, stdio: 'ignore'})
    try {
      const duplicate = await sandbox.run('debug', 'census')
      assert.equal(duplicate.code, 4)
      const words = `Process ${String(left.pid)} is a second instance of 'one' beside process ${String(second?.pid)}.`
      assert.ok(duplicate.stderr.includes(words), duplicate.stderr)

      assert.equal((await sandbox.run('stop')).code, 0)
      const stray = await sandbox.json<Census>('debug', 'census')
      assert.deepEqual(
        stray.mismatches.map(({kind, pid}) => [kind, pid]),
        [['stray', left.pid]],
      )
      assert.equal(stray.strays[0]?.program, 'sleep')
    } finally {
      left.kill('SIGKILL')
    }
    await until(async () => !(await isAlive(left.pid ?? 0)), 'it is gone')
    assert.equal((await sandbox.run('debug', 'census')).code, 0)
  })

  it('knows what writes into its folder, also when the run directory is gone; what others run is no concern of it', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`services: {one: {type: process, binary: sleep, args: ['1000']}}\n`)
    assert.equal((await sandbox.run('start')).code, 0)
    const log = await open(path.join(sandbox.state, 'runs', 'out.log'), 'a')
    const env = {...process.env, HARNESS_INSTANCE: newId()}
    const ours = spawn('sleep', ['1000'], {env, stdio: ['ignore', log.fd, 'ignore']})
    const foreign = spawn('sleep', ['1000'], {env: {...env, HARNESS_INSTANCE: newId()}, stdio: 'ignore'})
    try {
      await log.close()
      const {mismatches} = await sandbox.json<Census>('debug', 'census')
      assert.deepEqual(
        mismatches.map(({kind, pid}) => [kind, pid]),
        [['stray', ours.pid]],
      )
    } finally {
      ours.kill('SIGKILL')
      foreign.kill('SIGKILL')
    }
  })

  it('tells a program that is believed in and not there', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`services: {one: {type: process, binary: sleep, args: ['1000']}}\n`)
    assert.equal((await sandbox.run('start')).code, 0)
    const [attempt] = (await sandbox.json<Census>('debug', 'census')).attempts
    await rm(attempt?.runDirectory ?? '', {recursive: true})
    const {mismatches} = await sandbox.json<Census>('debug', 'census')
    assert.deepEqual(
      mismatches.map(({kind, pid}) => [kind, pid]),
      [['missing', attempt?.pid]],
    )
  })
})
