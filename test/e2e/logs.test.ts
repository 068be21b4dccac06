import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {bin, Sandbox, until} from '../support/harness.js'

/** Prints a numbered line each time the file `go` grows by one. */
const counter = `
name: demo
services:
  counter:
    type: process
    binary: node
    args:
      - -e
      - |
        const fs = require('fs')
        let said = 0
        setInterval(() => { for (const asked = fs.statSync('go').size; said < asked; said += 1) console.log('line ' + said) }, 10)
`

function follow(sandbox: Sandbox, ...args: readonly string[]) {
  const child = spawn(process.execPath, [bin, 'logs', '-f', ...args], {cwd: sandbox.folder, env: sandbox.env})
  const heard = {out: '', err: ''}
  child.stdout.on('data', (data: Buffer) => (heard.out += data.toString()))
  child.stderr.on('data', (data: Buffer) => (heard.err += data.toString()))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return {
    heard,
    numbers: () => [...heard.out.matchAll(/line (\d+)\n/g)].map(([, number]) => Number(number)),
    async end(): Promise<number | null> {
      child.kill('SIGINT')
      return ended
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

const upTo = (count: number): readonly number[] => Array.from({length: count}, (_, index) => index)

describe('harness logs', function () {
  this.timeout(60_000)

  it('-f goes on with the next daemon, every line exactly once', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(counter)
    const ask = (count: number): Promise<void> => writeFile(path.join(sandbox.folder, 'go'), '.'.repeat(count))
    await ask(5)
    assert.equal((await sandbox.run('start')).code, 0)
    await using follower = follow(sandbox, '--tail', '3')
    await until(() => follower.numbers().length === 3, 'the last lines')
    await ask(20)
    await until(() => follower.numbers().length === 18, 'what comes')
    await sandbox.killDaemon()
    await until(() => follower.heard.err.includes('The daemon is gone'), 'the follower says that it waits')
    await ask(50)
    assert.equal((await sandbox.run('daemon', 'start')).code, 0)
    await until(() => follower.heard.err.includes('A daemon runs again'), 'the follower says that it goes on')
    await ask(60)
    await until(() => follower.numbers().includes(59), 'what was printed meanwhile and since')
    assert.equal((await sandbox.run('daemon', 'restart')).code, 0)
    await ask(70)
    await until(() => follower.numbers().includes(69), 'what comes after a restart in order')
    assert.deepEqual(follower.numbers(), upTo(70).slice(2))
    assert.equal(await follower.end(), 130)
  })

  it('-f shows services and replicas that come later, over the end of the daemon too', async () => {
    await using sandbox = await Sandbox.make()
    const service = (name: string): string =>
      `  ${name}: {type: process, binary: sh, args: [-c, 'echo ${name} $$HARNESS_REPLICA begins; exec sleep 600']}\n`
    const stack = (...names: readonly string[]): Promise<unknown> =>
      sandbox.write(`name: demo\nservices:\n${names.map(service).join('')}`)
    const run = async (...args: readonly string[]): Promise<void> => {
      const {code, stderr} = await sandbox.run(...args)
      assert.equal(code, 0, stderr)
    }
    await stack('api')
    await run('start')
    await using all = follow(sandbox)
    await using one = follow(sandbox, 'api')
    const heard = (of: typeof all): readonly string[] => of.heard.out.trim().split('\n')
    await until(() => [all, one].every(({heard: {out}}) => out !== ''), 'what is there')
    await stack('api', 'web')
    await run('apply')
    await run('scale', 'api=2')
    await until(() => heard(all).length === 3 && heard(one).length === 2, 'what has come')
    await sandbox.killDaemon()
    await until(() => [all, one].every(({heard: {err}}) => err.includes('The daemon is gone')), 'they wait')
    await run('daemon', 'start')
    await until(() => [all, one].every(({heard: {err}}) => err.includes('A daemon runs again')), 'they go on')
    await run('scale', 'api=3')
    await until(() => heard(all).length === 4 && heard(one).length === 3, 'what has come since')
    const text = (line: string): string => line.replace(/ +│/, ' │')
    const replicas = ['api │ api 1 begins', 'api-2 │ api 2 begins', 'api-3 │ api 3 begins']
    assert.deepEqual(heard(one).map(text).sort(), replicas)
    assert.deepEqual(heard(all).map(text).sort(), [...replicas, 'web │ web 1 begins'])
  })

  it('shows lines of a time and with a pattern, and names what it cannot', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(counter)
    const ask = (count: number): Promise<void> => writeFile(path.join(sandbox.folder, 'go'), '.'.repeat(count))
    await ask(10)
    assert.equal((await sandbox.run('start')).code, 0)
    const lines = async (...args: readonly string[]): Promise<readonly string[]> => {
      const {stdout, stderr} = await sandbox.run('logs', '--json', ...args)
      assert.equal(stderr, '')
      return stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => (JSON.parse(line) as {text: string}).text)
    }
    await until(async () => (await lines()).length === 10, 'all lines')
    const between = new Date(Date.now() + 1).toISOString()
    await ask(20)
    await until(async () => (await lines()).length === 20, 'more lines')
    assert.deepEqual(
      await lines('--since', between),
      upTo(20)
        .slice(10)
        .map((number) => `line ${number}`),
    )
    assert.deepEqual(
      await lines('--until', between),
      upTo(10).map((number) => `line ${number}`),
    )
    assert.deepEqual(await lines('--grep', '[19]$', '--tail', '2'), ['line 11', 'line 19'])
    for (const [flag, value] of [
      ['--since', 'tomorrow'],
      ['--grep', 'a(b'],
      ['--tail', '-1'],
    ] as const) {
      const {code, stderr} = await sandbox.run('logs', flag, value)
      assert.equal(code, 2)
      assert.match(stderr, new RegExp(`^Error: '${flag} `))
    }
  })
})
