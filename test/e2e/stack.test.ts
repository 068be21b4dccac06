import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {StackStatus, StartOutcome} from '../../src/core/contract/status.js'
import {isAlive, Sandbox, until} from '../support/harness.js'

describe('a stack', function () {
  this.timeout(60_000)

  it('of 50 services is all Running, with JSON alone on stdout', async () => {
    await using sandbox = await Sandbox.make()
    const services = Array.from(
      {length: 50},
      (_, index) => `  s${index}: {type: process, binary: sleep, args: ['1000']}`,
    )
    await sandbox.write(`services:\n${services.join('\n')}\n`)
    const started = await sandbox.json<StartOutcome>('start')
    assert.equal(started.started.length, 50)
    const status = await sandbox.json<StackStatus>('status')
    assert.equal(status.services.length, 50)
    for (const service of status.services) {
      assert.equal(service.state, 'Running')
      assert.equal(service.attempt, 1)
      assert.ok(service.pid !== null && (await isAlive(service.pid)))
      assert.ok(service.uptimeMs !== null && service.uptimeMs >= 0)
    }
    assert.equal((await sandbox.run('stop')).code, 0)
    for (const {pid} of status.services) assert.equal(await isAlive(pid ?? 0), false)
  })

  it('of thousands of services, more than a megabyte when it is filled in, is known to the daemon', async () => {
    await using sandbox = await Sandbox.make()
    const count = 5000
    const others = Array.from({length: count}, (_, index) => `  s${index}: {type: process, binary: x, profiles: [all]}`)
    await sandbox.write(`services:\n  one: {type: process, binary: sleep, args: ['1000']}\n${others.join('\n')}\n`)
    assert.deepEqual((await sandbox.json<StartOutcome>('start')).started, ['one'])
    assert.equal((await sandbox.json<StackStatus>('status')).services.length, count + 1)
  })

  it('is finished by the daemon when the command that asked for it is killed', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
services:
  slow: {type: process, binary: sleep, args: ['1000'], min_uptime: 2s}
  late: {type: process, binary: sleep, args: ['1000'], dependencies: [slow]}
`)
    assert.equal((await sandbox.run('daemon', 'start')).code, 0)
    const command = sandbox.begin('start')
    const stateOf = async (name: string): Promise<string | undefined> =>
      (await sandbox.json<Partial<StackStatus>>('status')).services?.find((service) => service.name === name)?.state
    await until(async () => (await stateOf('slow')) === 'Starting', 'slow is starting')
    command.kill('SIGKILL')
    await until(async () => (await stateOf('late')) === 'Running', 'late runs all the same')
  })

  it('loses no line of its logs when the daemon is killed and comes back', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
services:
  counter:
    type: process
    binary: sh
    args: [-c, 'i=0; while [ $$i -lt 400 ]; do i=$$((i+1)); echo line $$i; sleep 0.01; done; exec sleep 1000']
`)
    assert.equal((await sandbox.run('start')).code, 0)
    const pid = (await sandbox.json<StackStatus>('status')).services[0]?.pid
    await sandbox.killDaemon()
    assert.equal((await sandbox.json<StackStatus>('status')).services[0]?.pid, pid)
    await sandbox.killDaemon()
    const lines = async (): Promise<string[]> =>
      (await sandbox.run('logs', 'counter', '--tail', 'all', '--json')).stdout
        .trim()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as {text: string}).text)
    await sandbox.run('status')
    await until(async () => (await lines()).includes('line 400'), 'the counter is done')
    assert.deepEqual(
      await lines(),
      Array.from({length: 400}, (_, index) => `line ${index + 1}`),
    )
  })

  it('tells what happened to the lines before a service wrote over its own log', async () => {
    await using sandbox = await Sandbox.make()
    const script = 'echo before >&2; sleep 0.5; echo over > /dev/stderr; echo after >&2; exec sleep 1000'
    await sandbox.write(`
services:
  rewriter: {type: process, binary: sh, args: [-c, '${script}']}
  piped: {type: process, binary: sh, args: [-c, '${script}'], logs: {capture: pipe}}
`)
    assert.equal((await sandbox.run('start')).code, 0)
    const textOf = async (name: string): Promise<string> => (await sandbox.run('logs', name)).stdout
    await until(async () => (await textOf('rewriter')).includes('after'), 'the service has written')
    assert.match(await textOf('rewriter'), /capture: pipe/, 'the log says what happened and how to avoid it')
    assert.match(await textOf('rewriter'), /over/)
    await until(async () => (await textOf('piped')).includes('after'), 'the piped service has written')
    const piped = await textOf('piped')
    for (const word of ['before', 'over', 'after']) assert.ok(piped.includes(word), piped)
    assert.doesNotMatch(piped, /capture: pipe/)
  })

  it('runs a task once for each request, and says how it failed', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
services:
  api: {type: process, binary: sleep, args: ['1000'], dependencies: [{task: good}]}
  sad: {type: process, binary: sleep, args: ['1000'], dependencies: [{task: bad}]}
tasks:
  good: {task_type: command, target: {type: process, binary: sh, args: [-c, 'echo run >> runs.txt']}}
  bad: {task_type: command, target: {type: process, binary: sh, args: [-c, 'echo no luck; exit 7']}}
`)
    const outcome = await sandbox.json<StartOutcome>('start')
    assert.deepEqual(outcome.started, ['api'])
    assert.equal(outcome.failed.find(({name}) => name === 'bad')?.exit?.code, 7)
    assert.deepEqual(outcome.failed.find(({name}) => name === 'bad')?.lastLines, ['no luck'])
    const blocked = outcome.blocked.find(({name}) => name === 'sad')
    assert.match(blocked?.reason ?? '', /sad needs task 'bad', which failed \(.*7\)/)
    const {readFile} = await import('node:fs/promises')
    assert.equal(await readFile(`${sandbox.folder}/runs.txt`, 'utf8'), 'run\n')
    assert.equal((await sandbox.run('task', 'run', 'good')).code, 0)
    assert.equal(await readFile(`${sandbox.folder}/runs.txt`, 'utf8'), 'run\nrun\n')
    assert.equal((await sandbox.run('task', 'run', 'bad')).code, 4)
  })
})
