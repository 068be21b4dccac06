import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {describe, it} from 'mocha'
import type {EventItem} from '../../src/core/client/api/events.js'
import {Sandbox, until} from '../support/harness.js'

const shop = `
name: shop
services:
  db: {type: process, binary: sleep, args: ['1000'], ports: [0]}
  api: {type: process, binary: sh, args: [-c, 'exit 3'], restart: 'no', dependencies: [{task: seed}]}
tasks:
  seed: {task_type: command, target: {type: process, binary: echo, args: ["hello\\u001b[2J"]}, dependencies: [db]}
`

interface Watch extends AsyncDisposable {
  readonly out: () => string
  readonly err: () => string
  readonly code: Promise<number | null>
  readonly interrupt: () => void
}

function watch(sandbox: Sandbox, ...args: readonly string[]): Watch {
  const {folder: cwd, env, command} = sandbox
  const child = spawn(process.execPath, [command, 'events', ...args], {cwd, env, stdio: ['ignore', 'pipe', 'pipe']})
  const text = {out: '', err: ''}
  child.stdout.setEncoding('utf8').on('data', (data: string) => (text.out += data))
  child.stderr.setEncoding('utf8').on('data', (data: string) => (text.err += data))
  const code = once(child, 'close').then(([value]) => value as number | null)
  return {
    out: () => text.out,
    err: () => text.err,
    code,
    interrupt: () => child.kill('SIGINT'),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await code
    },
  }
}

/** The moves of `harness events`, without their times. */
function moves(text: string): readonly string[] {
  return text.split('\n').map((line) => line.replace(/^\S+Z /, '').replaceAll(/ {2,}/g, '  '))
}

describe('harness events', function () {
  this.timeout(60_000)

  it('shows what happens to services and tasks, and goes on with the next daemon', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(shop)
    assert.equal((await sandbox.run('daemon', 'start')).code, 0)
    await using all = watch(sandbox)
    await using some = watch(sandbox, 'seed', '--topic', 'task.event', '--topic', 'task.state')
    await until(() => [all, some].every(({err}) => err().includes('Following what happens')), 'both listen')
    assert.match(some.err(), /^Nothing is called 'seed' yet\.$/m)
    assert.equal((await sandbox.run('start')).code, 4)
    await until(() => /shop\/api .*→ Failed/.test(all.out()), 'the end of the story')
    const told = moves(all.out())
    for (const line of [
      'shop  loaded: shop',
      'shop/db  NotStarted → Starting',
      'shop/db  Starting → Running',
      'shop/seed  Running',
      'shop/seed  Succeeded',
    ]) {
      assert.ok(told.includes(line), `${line} in\n${all.out()}`)
    }
    assert.ok(
      told.some((line) => /^shop\/db {2}(registered|updated) {2}tcp:/.test(line)),
      all.out(),
    )
    assert.ok(!all.out().includes('hello'), 'what tasks say is not shown unless it is asked for')
    await until(() => some.out().includes('Succeeded'), 'the task')
    assert.deepEqual(moves(some.out()), ['shop/seed  Running', 'shop/seed  hello', 'shop/seed  Succeeded', ''])

    await sandbox.killDaemon()
    await until(() => all.err().includes('The daemon is gone'), 'it notices')
    assert.equal((await sandbox.run('daemon', 'start')).code, 0)
    await until(() => /shop\/db +is Running/.test(all.out()), 'it goes on')
    assert.match(all.err(), /Events were missed here/)
    assert.equal((await sandbox.run('stop')).code, 0)
    await until(() => moves(all.out()).some((line) => line.startsWith('shop/db  Stopping → Stopped')), 'the stop')
    all.interrupt()
    assert.equal(await all.code, 130)
  })

  it('is made of records with --json, of one stack where one is named', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(shop)
    await sandbox.write(shop.replace('name: shop', 'name: other'), 'other.yaml')
    assert.equal((await sandbox.run('daemon', 'start')).code, 0)
    await sandbox.run('start', 'db')
    await sandbox.run('start', 'db', '-c', 'other.yaml')
    await using shown = watch(sandbox, '--stack', 'other', '--snapshot', '--json')
    await until(() => shown.out().includes('\n'), 'the snapshot')
    assert.equal((await sandbox.run('stop')).code, 0)
    assert.equal((await sandbox.run('stop', '-c', 'other.yaml')).code, 0)
    await until(() => shown.out().includes('"to":"Stopped"'), 'the stop')
    shown.interrupt()
    await shown.code
    const [snapshot, ...events] = shown
      .out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as EventItem)
    assert.ok(snapshot?.topic === 'snapshot')
    assert.deepEqual(
      snapshot.stacks.map(({name}) => name),
      ['other'],
    )
    const stack = snapshot.stacks[0]?.stack
    assert.ok(events.length > 0)
    for (const event of events)
      assert.ok(event.topic !== 'snapshot' && event.stack === stack && event.epoch === snapshot.epoch)
  })

  it('refuses a topic and a stack that there is not', async () => {
    await using sandbox = await Sandbox.make()
    const topic = await sandbox.run('events', '--topic', 'service')
    assert.equal(topic.code, 2)
    assert.match(topic.stderr, /--topic expects one of service\.state, /)
    const stack = await sandbox.run('events', '--stack', 'shop')
    assert.equal(stack.code, 2)
    assert.match(stack.stderr, /shop/)
  })
})
