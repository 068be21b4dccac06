import assert from 'node:assert/strict'
import {rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import type {LogLine} from '../../../src/core/contract/log.js'
import type {Stack} from '../../../src/core/stack/stack.js'
import {eventually} from '../process/temporary.js'
import {file, forever, sh, start, states, stop, summary, workbench} from './workbench.js'

const check = (program: string, args: string): string =>
  `health_check: {command: '${program}', args: ${args}, start_interval: 20ms, interval: 20ms, retries: 2}`
const ready = check('test', '[-e, ready]')
const always = 'restart: {policy: always, delay: 20ms, max_delay: 20ms, max_attempts: 50}'
const named = (stack: Stack, name: string) => stack.status([name]).services[0]

async function linesOf(stack: Stack, name: string): Promise<readonly LogLine[]> {
  const lines: LogLine[] = []
  const {signal} = new AbortController()
  const wish = {names: [name], tail: null, attempts: 'last', follow: false, signal} as const
  for await (const batch of stack.logs.read(wish)) lines.push(...batch)
  return lines
}

// The cases that other orchestrators got wrong first; 15 and 17 to 19 are in test/e2e/cases.test.ts.
describe('cases that other orchestrators got wrong first', () => {
  it('1: what waits for a success is blocked when that has failed before it could register, also two levels down', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([
        sh('c', 'echo c >> ran', 'dependencies: [a]'),
        sh('a', 'echo a >> ran', 'dependencies: [{service: b, condition: succeeded}]'),
        sh('b', 'exit 1'),
      ]),
    )
    await start(stack, ['b'])
    assert.deepEqual(summary(await start(stack)), {
      failed: ['b: exit 1'],
      blocked: [
        "a needs service 'b', which failed (exit 1)",
        "c needs service 'a', which is blocked (a needs service 'b', which failed (exit 1))",
      ],
    })
    assert.deepEqual(bench.written('ran'), [])
  })

  it('2: what waits for a line of the log is blocked at once when the program ends without printing it', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([sh('a', forever, 'dependencies: [b]'), sh('b', 'echo hello; exit 0', 'health_check: {log: listening}')]),
    )
    const began = performance.now()
    assert.deepEqual(
      (await start(stack)).blocked.map(({name}) => name),
      ['a'],
    )
    assert.ok(performance.now() - began < 10_000)
    assert.equal(named(stack, 'a')?.attempt, 0)
  })

  it('3: what waits is started when its dependency is brought back by its policy, and blocked only when that is spent', async () => {
    await using bench = await workbench()
    const brought = sh('b', 'test -e second && exec sleep 600; touch second; exit 1', ready, always)
    const stack = await bench.load(file([sh('a', forever, 'dependencies: [b]'), brought]))
    const starting = start(stack)
    await eventually(() => named(stack, 'b')?.attempt === 2)
    assert.equal(named(stack, 'a')?.blockedBy, null)
    writeFileSync(path.join(bench.folder, 'ready'), '')
    assert.deepEqual(summary(await starting), {started: ['b', 'a']})
    await stop(stack)

    const spent = sh('b', 'exit 1', check('false', '[]'), always.replace('50', '2'))
    const other = await bench.load(file([sh('a', forever, 'dependencies: [b]'), spent]))
    const outcome = await start(other)
    assert.match(outcome.blocked[0]?.reason ?? '', /^a needs service 'b', which failed \(crash loop: 3 exits/)
  })

  it('4: what comes while its dependency is not ready for a moment waits, and is not skipped', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('a', forever, 'dependencies: [b]'), sh('b', forever, ready)]))
    const flag = path.join(bench.folder, 'ready')
    writeFileSync(flag, '')
    await start(stack, ['b'])
    rmSync(flag)
    await eventually(() => states(stack) === 'a=NotStarted b=Unhealthy')
    const starting = start(stack, ['a'])
    await eventually(() => named(stack, 'a')?.waitsFor.join() === 'b')
    writeFileSync(flag, '')
    assert.deepEqual(summary(await starting), {started: ['a'], unchanged: ['b']})
  })

  it('5: what waits for a slow one and for one that fails is blocked when that fails', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([
        sh('a', forever, 'dependencies: [x, y]'),
        sh('x', forever, check('false', '[]'), 'startup_timeout: 1h'),
        sh('y', 'sleep 0.2; exit 1', check('false', '[]')),
      ]),
    )
    const outcome = await start(stack, ['a'])
    assert.deepEqual(
      outcome.blocked.map(({name, by}) => `${name} by ${by}`),
      ['a by y'],
    )
    assert.deepEqual(outcome.pending, ['x'])
  })

  it('6: a restart of what waits leads to one process of it, a stop of what waits is done at once', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('a', forever, ready), sh('b', forever, 'dependencies: [a]')]))
    const all = [start(stack), start(stack, ['b'], {restart: true}), start(stack, ['b'], {restart: true})]
    await eventually(() => named(stack, 'b')?.waitsFor.join() === 'a')
    writeFileSync(path.join(bench.folder, 'ready'), '')
    await Promise.all(all)
    await eventually(async () => states(stack) === 'a=Running b=Running' && (await bench.left()).length === 2)

    await stop(stack)
    rmSync(path.join(bench.folder, 'ready'))
    const waiting = start(stack)
    await eventually(() => named(stack, 'b')?.waitsFor.join() === 'a')
    const began = performance.now()
    await stop(stack, ['b'])
    assert.ok(performance.now() - began < 1000)
    assert.equal(named(stack, 'b')?.desired, 'down')
    await stop(stack)
    await waiting
  })

  it('7: 20 concurrent restarts of one service are all answered, with one process at the end', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', forever)]))
    await start(stack)
    const outcomes = await Promise.all(Array.from({length: 20}, () => start(stack, ['api'], {restart: true})))
    assert.equal(outcomes.filter(({started}) => started.join() === 'api').length, 20)
    assert.equal((await bench.left()).length, 1)
  })

  it('8: a stop wins during a back-off and between two attempts, and is final', async () => {
    await using bench = await workbench()
    const slow = 'restart: {policy: always, delay: 1h, max_delay: 1h}'
    const stack = await bench.load(file([sh('slow', 'exit 1', slow), sh('quick', 'exit 1', always)]))
    const starting = start(stack)
    await eventually(() => named(stack, 'slow')?.state === 'Restarting' && (named(stack, 'quick')?.attempt ?? 0) > 2)
    assert.ok(named(stack, 'slow')?.backoffUntil)
    await stop(stack)
    await starting
    const attempts = ['slow', 'quick'].map((name) => named(stack, name)?.attempt)
    await new Promise((resolve) => setTimeout(resolve, 200))
    assert.deepEqual(
      ['slow', 'quick'].map((name) => named(stack, name)?.attempt),
      attempts,
    )
    assert.equal(states(stack), 'slow=Stopped quick=Stopped')
  })

  it('9: a child that ignores TERM after its leader has gone is killed after the grace, and the stop returns after that', async () => {
    await using bench = await workbench()
    const script = `(trap '' TERM; echo up >> up; while :; do sleep 0.1; done) & trap 'exit 0' TERM; wait`
    const stack = await bench.load(file([sh('api', script).replace('shutdown_timeout: 2s', 'shutdown_timeout: 400ms')]))
    await start(stack)
    await eventually(() => bench.written('up').length === 1)
    const began = performance.now()
    assert.deepEqual((await stop(stack)).stopped, ['api'])
    assert.ok(performance.now() - began >= 400)
    assert.deepEqual(await bench.left(), [])
  })

  it('10: a child in a session of its own that holds the output open does not hold up a stop', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', 'setsid sleep 600 & echo up >> up; exec sleep 600')]))
    await start(stack)
    await eventually(() => bench.written('up').length === 1)
    await stop(stack)
    assert.equal(states(stack), 'api=Stopped')
    assert.deepEqual(await bench.left(), [])
  })

  it('11: ten that ignore TERM are ended in the grace of one', async () => {
    await using bench = await workbench()
    const deaf = `trap '' TERM; echo up >> up; while :; do sleep 0.2; done`
    const names = Array.from({length: 10}, (_, index) => `s${index}`)
    const stack = await bench.load(file(names.map((name) => sh(name, deaf).replace('2s', '700ms'))))
    await start(stack)
    await eventually(() => bench.written('up').length === 10)
    const began = performance.now()
    await stop(stack)
    const took = performance.now() - began
    assert.ok(took >= 700 && took < 5 * 700, `${Math.round(took)} ms`)
    assert.deepEqual(await bench.left(), [])
  })

  it("12: what cannot be run has failed with the system's reason, and is not tried again", async () => {
    await using bench = await workbench()
    writeFileSync(path.join(bench.folder, 'plain'), 'text', {mode: 0o644})
    const lines = (name: string, ...keys: readonly string[]): string =>
      [`  ${name}:`, '    type: process', ...keys.map((key) => `    ${key}`), `    ${always}`].join('\n')
    const stack = await bench.load(
      file([
        lines('missing', 'binary: no-such-program'),
        lines('folder', 'binary: sleep', 'args: ["600"]', 'working_dir: nowhere'),
        lines('forbidden', 'binary: ./plain'),
        lines('long', 'binary: sleep', `args: ["${'x'.repeat(200_000)}"]`),
      ]),
    )
    const reasons = Object.fromEntries((await start(stack)).failed.map(({name, reason}) => [name, reason]))
    assert.match(reasons['missing'] ?? '', /no-such-program/)
    assert.match(reasons['folder'] ?? '', /nowhere/)
    assert.match(reasons['forbidden'] ?? '', /plain/)
    assert.match(reasons['long'] ?? '', /too long/)
    assert.deepEqual(
      stack.status([]).services.map(({state, attempt}) => `${state} ${attempt}`),
      Array(4).fill('Failed 1'),
    )
  })

  it('13: a service that reads standard input sees its end', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', 'cat; echo end of input')]))
    assert.deepEqual(summary(await start(stack)), {started: ['api']})
    assert.deepEqual(
      (await linesOf(stack, 'api')).map(({text}) => text),
      ['end of input'],
    )
  })

  it('14: health, pid, exit and end are those of the newest attempt', async () => {
    await using bench = await workbench()
    const script = 'if [ -e second ]; then exec sleep 600; fi; touch second; exit 7'
    const stack = await bench.load(file([sh('api', script, always, check('test', '[-e, second]'))]))
    await start(stack)
    const status = named(stack, 'api')!
    assert.deepEqual([status.state, status.attempt, status.exit, status.health?.ok], ['Running', 2, null, true])
    assert.deepEqual(await bench.left(), [status.pid])
    await stop(stack)
    const ended = named(stack, 'api')!
    assert.deepEqual([ended.exit?.signal, ended.pid, ended.health], ['SIGTERM', null, null])
    assert.ok(ended.exit!.at > status.since)
  })

  it('16: output arrives whole: the last line, a very long one, progress bars, NUL, broken UTF-8', async () => {
    await using bench = await workbench()
    const long = 1024 * 1024
    const script = [
      `head -c ${long} /dev/zero | tr '\\0' x; echo`,
      String.raw`printf 'ten\rtwenty\n'`,
      String.raw`printf 'a\000b\n'`,
      String.raw`printf '\377\n'`,
      String.raw`printf '\303'; sleep 0.1; printf '\251\n'`,
      `printf 'no newline'`,
    ].join('; ')
    const stack = await bench.load(file([sh('api', script), sh('quick', 'echo last word; exit 3')]))
    await start(stack)
    await eventually(() => named(stack, 'api')?.state === 'Stopped')
    const texts = (await linesOf(stack, 'api')).map(({text}) => text)
    assert.equal(texts[0]?.length, long)
    assert.deepEqual(texts.slice(2), ['a\0b', '\uFFFD', 'é', 'no newline'])
    assert.match(texts[1] ?? '', /twenty$/)
    assert.deepEqual(
      (await linesOf(stack, 'quick')).map(({text}) => text),
      ['last word'],
    )
  })
})
