import assert from 'node:assert/strict'
import {statSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {eventually, linesOf, never} from '../../core/process/temporary.js'
import {localScene} from './local-scene.js'

describe('a service on another machine whose link is cut', function () {
  this.timeout(60_000)

  it('runs on, is unknown meanwhile, and has every line once', async () => {
    await using on = localScene()
    const handle = await on.start(
      on.request('i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo $i; [ $((i % 10)) -ne 0 ] || sleep 0.01; done'),
    )
    const seen: string[] = []
    using _watch = handle.reachability!.onChange(() => seen.push(handle.reachability!.current))
    for (let cut = 1; cut <= 5; cut += 1) {
      await eventually(async () => (await handle.logs[0]!.end()) > cut * 600)
      on.host.cut()
      await eventually(() => handle.reachability!.current === 'unknown')
      on.host.mend()
      await eventually(() => handle.reachability!.current === 'known')
    }
    assert.deepEqual(await handle.wait(), {by: 'code', code: 0})
    const lines = await linesOf(handle)
    assert.deepEqual(
      lines,
      Array.from({length: 2000}, (_, index) => `stdout: ${index + 1}`),
    )
    assert.ok(seen.filter((each) => each === 'unknown').length >= 5)
    handle.release()
    await handle.destroy()
  })

  it('is known to have ended meanwhile, with its code', async () => {
    await using on = localScene()
    const handle = await on.start(on.request('echo here; sleep 0.3; echo there; exit 7'))
    on.host.cut()
    await new Promise((resolve) => setTimeout(resolve, 600))
    on.host.mend()
    assert.deepEqual(await handle.wait(), {by: 'code', code: 7})
    assert.deepEqual(await linesOf(handle), ['stdout: here', 'stdout: there'])
    handle.release()
  })

  it('is stopped once there is a link, and not called stopped before', async () => {
    await using on = localScene()
    const handle = await on.start(
      on.request(`(setsid sh -c "trap '' TERM; while :; do sleep 1; done" &); exec sleep 600`),
    )
    on.host.cut()
    let isStopped = false
    const stopping = handle.stop({graceMs: 200}).finally(() => {
      isStopped = true
    })
    await new Promise((resolve) => setTimeout(resolve, 500))
    assert.equal(isStopped, false)
    on.host.mend()
    await stopping
    assert.deepEqual(await handle.wait(), {by: 'signal', signal: 'SIGTERM'})
    handle.release()
  })

  it('cannot be told about while nothing leads there, and is found again later', async () => {
    await using on = localScene()
    const request = on.request('exec sleep 600')
    const handle = await on.start(request)
    handle.release()
    on.host.cut()
    await assert.rejects(on.executor.recover(handle.save(), never), /nothing leads there/)
    on.host.mend()
    const found = await on.executor.recover(handle.save(), never)
    assert.ok(found)
    assert.deepEqual(found.place, handle.place)
    assert.deepEqual(await found.stop({graceMs: 1000}), {by: 'signal', signal: 'SIGTERM'})
    found.release()
  })

  it('has every line once also where the daemon is another one afterwards', async () => {
    await using on = localScene()
    const handle = await on.start(
      on.request('i=0; while [ $i -lt 1500 ]; do i=$((i+1)); echo $i; [ $((i % 10)) -ne 0 ] || sleep 0.01; done'),
    )
    await eventually(async () => (await handle.logs[0]!.end()) > 500)
    handle.release()
    on.host.cut()
    on.host.mend()
    const found = await on.restarted().recover(handle.save(), never)
    assert.ok(found)
    assert.deepEqual(await found.wait(), {by: 'code', code: 0})
    assert.deepEqual(
      await linesOf(found),
      Array.from({length: 1500}, (_, index) => `stdout: ${index + 1}`),
    )
    found.release()
  })

  it('is ended once there is a link again where its start was given up meanwhile', async () => {
    await using on = localScene({idleMs: 20})
    const request = on.request('exec sleep 600')
    const over = new AbortController()
    using hold = await on.shared.agents.hold({host: 'local'})
    const {agent} = hold
    const ask = agent.ask.bind(agent)
    agent.ask = async (verb, words, signal) => {
      const answer = await ask(verb, words, signal)
      if (verb !== 'start') return answer
      agent.ask = ask
      on.host.cut()
      over.abort(new Error('enough'))
      over.signal.throwIfAborted()
      return answer
    }
    const starting = on.executor.start(request, {signal: over.signal, progress: () => undefined})
    hold[Symbol.dispose]()
    await assert.rejects(starting, /enough/)
    assert.ok(on.left(request.instance).length > 0, 'it runs')
    // So long nobody but what takes it back needs the machine.
    await new Promise((resolve) => setTimeout(resolve, 200))
    on.host.mend()
    await eventually(() => on.left(request.instance).length === 0)
  })

  it('is not asked for again and again where only a person can help, and at once when that has been done', async () => {
    const tries = async (code: string) => {
      const on = localScene()
      const {agent} = await on.shared.agents.hold({host: 'local'})
      const tried = {count: 0, isMended: false}
      const connect = on.host.connect.bind(on.host)
      on.host.connect = async (signal) => {
        tried.count += 1
        if (!tried.isMended) throw Object.assign(new Error('not now'), {code})
        await connect(signal)
      }
      const answer = agent.ask('look', ['nothing'])
      return {on, tried, answer}
    }
    const [refused, away] = [await tries('SSH_AUTH_FAILED'), await tries('SSH_UNREACHABLE')]
    await using _refused = refused.on
    await using _away = away.on
    await eventually(() => away.tried.count === 4)
    assert.equal(refused.tried.count, 1)
    for (const {on, tried} of [refused, away]) {
      tried.isMended = true
      on.host.mend()
    }
    const answers = await Promise.all([refused.answer, away.answer])
    assert.ok(answers.every(({code}) => code !== 0))
  })

  it('gives the room of what is here back there', async () => {
    await using on = localScene()
    const request = on.request('head -c 40000000 /dev/zero | tr "\\0" x; echo; exec sleep 600')
    const handle = await on.start(request)
    const file = path.join(on.base, 'runs', request.instance, 'out.log')
    await eventually(async () => (await handle.logs[0]!.end()) > 40_000_000, 30_000)
    await eventually(() => statSync(file).blocks * 512 < 20_000_000, 10_000)
    assert.equal(statSync(file).size, 40_000_001)
    await handle.stop({graceMs: 1000})
    handle.release()
  })
})
