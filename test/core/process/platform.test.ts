import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {describe, it} from 'mocha'
import {identify, isAlive, signalGroup, signalProcess} from '../../../src/core/process/identity.js'
import {parseStat, readStat, readVariable, timeOfTick} from '../../../src/core/process/platform.js'
import {eventually, limited} from './temporary.js'

describe('what the kernel says about a process', () => {
  const fields = 'S 1 20 30 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 98765 0 0'

  it('is read also when its name holds parentheses and spaces', () => {
    assert.deepEqual(parseStat(`42 (a) S (b) c) ${fields}\n`), {
      pid: 42,
      state: 'S',
      ppid: 1,
      pgrp: 20,
      session: 30,
      startTick: 98765,
      name: 'a) S (b) c',
    })
  })

  it('is nothing for a process that is gone or a line that is cut', () => {
    assert.equal(readStat(2 ** 30), undefined)
    assert.equal(parseStat('42 (sh) S 1 2'), undefined)
  })

  it('is an error, and not that nothing runs, when no more files can be opened', () => {
    const seen = limited(
      'ulimit -n 64',
      `const {openSync} = await import('node:fs')
      const {readStat} = await open('platform.ts')
      try { for (;;) openSync('/dev/null') } catch {}
      let code
      try { readStat(process.pid) } catch (error) { code = error.code }
      console.log(JSON.stringify(code ?? null))`,
    )
    assert.equal(seen, 'EMFILE')
  })

  it('tells when it began', () => {
    const stat = readStat(process.pid)
    assert.ok(stat)
    const began = timeOfTick(stat.startTick, Date.now())
    assert.ok(Math.abs(Date.now() - process.uptime() * 1000 - began) < 1000, new Date(began).toISOString())
  })

  it('finds a variable by its whole name', async () => {
    const child = spawn('sleep', ['60'], {env: {XNAME: 'wrong', NAME: 'right', NAMEX: 'wrong'}, stdio: 'ignore'})
    try {
      const pid = child.pid ?? 0
      assert.equal(await eventually(() => readVariable(pid, 'NAME')), 'right')
      assert.equal(readVariable(pid, 'AME'), undefined)
    } finally {
      child.kill('SIGKILL')
    }
  })
})

describe('the identity of a process', () => {
  it('takes no later process for an earlier one', () => {
    const child = spawn('sleep', ['60'], {stdio: 'ignore', detached: true})
    try {
      const identity = identify(child.pid ?? 0)
      assert.ok(identity)
      const earlier = {...identity, startTick: identity.startTick - 1}
      const before = {...identity, boot: 'another'}
      for (const other of [earlier, before]) {
        assert.equal(isAlive(other), false)
        assert.equal(signalProcess(other, 'SIGKILL'), false)
        assert.equal(signalGroup(other, 'SIGKILL'), false)
      }
      assert.equal(isAlive(identity), true)
    } finally {
      child.kill('SIGKILL')
    }
  })

  it('counts zombies as dead', async () => {
    const parent = spawn('sh', ['-c', 'sh -c "sleep 0.1" & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    try {
      const text = await new Promise<Buffer>((resolve) => parent.stdout.once('data', resolve))
      const pid = Number(text.toString())
      await eventually(() => readStat(pid)?.state === 'Z')
      assert.equal(identify(pid), undefined)
    } finally {
      parent.kill('SIGKILL')
    }
  })

  it('signals only itself while it leads no group', async () => {
    const parent = spawn('sh', ['-c', 'sleep 61 & echo $!; wait; echo went on; sleep 62'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    })
    try {
      let text = ''
      parent.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
      const pid = await eventually(() => Number(text) || undefined)
      const identity = identify(pid)
      assert.ok(identity)
      assert.equal(signalGroup(identity, 'SIGTERM'), true)
      await eventually(() => text.includes('went on'))
    } finally {
      process.kill(-(parent.pid ?? 0), 'SIGKILL')
    }
  })
})
