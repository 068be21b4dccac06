import assert from 'node:assert/strict'
import {existsSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import {HarnessError} from '../../../src/core/base/errors.js'
import type {Probe} from '../../../src/core/contract/probe.js'
import {newServiceRecord, type ServiceRecord} from '../../../src/core/service/record.js'
import {ServiceSupervisor} from '../../../src/core/service/supervisor.js'
import {memoryStore} from '../../../src/core/store/memory-store.js'
import type {Change} from '../../../src/core/store/store.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'
import {eventually} from '../process/temporary.js'
import {noRestart, shellService} from './definitions.js'
import {kill, reaches, up, workbench} from './workbench.js'

const forever = 'exec sleep 600'
const restart = {...noRestart, policy: 'always', delayMs: 20, maxDelayMs: 20} as const

const probe = (program: string, args: readonly string[]): Probe => ({
  check: {kind: 'command', program, args, on: 'service'},
  intervalMs: 20,
  startIntervalMs: 10,
  startPeriodMs: 0,
  timeoutMs: 2000,
  successThreshold: 1,
  failureThreshold: 2,
})

describe('a supervised service', () => {
  it('starts, is running, stops, and can be started again', async () => {
    await using bench = workbench()
    const api = await up(bench.supervisor(shellService(forever)))
    await reaches(api, 'Running')
    const {pid, attempt, desired, uptimeMs} = api.status()
    assert.deepEqual([await bench.left(), attempt, desired], [[pid], 1, 'up'])
    assert.ok(uptimeMs !== null)
    await api.stop()
    assert.deepEqual(await bench.left(), [])
    const stopped = api.status()
    assert.deepEqual([stopped.state, stopped.desired, stopped.pid, stopped.reason], ['Stopped', 'down', null, null])
    assert.deepEqual([stopped.exit?.code, stopped.exit?.signal], [143, 'SIGTERM'])
    await up(api)
    await reaches(api, 'Running')
    assert.equal(api.status().attempt, 2)
    assert.equal(api.status().exit, null)
    assert.equal(bench.path(), 'Starting Running Stopping Stopped Starting Running')
    assert.deepEqual(bench.troubles, [])
  })

  it('journals each attempt before it begins', async () => {
    const memory = memoryStore()
    const seen: string[] = []
    let folder = ''
    await using bench = workbench({
      store: {
        ...memory,
        commit(changes) {
          const {state, current} = changes[0]?.value as unknown as ServiceRecord
          const begun = current !== null && existsSync(path.join(folder, 'runs', 'demo', 'api', current.instance))
          seen.push(`${state} ${begun ? 'begun' : 'not begun'}`)
          return memory.commit(changes)
        },
      },
    })
    folder = bench.folder
    await reaches(await up(bench.supervisor(shellService(forever))), 'Running')
    assert.deepEqual(seen, ['NotStarted not begun', 'Starting not begun', 'Running begun'])
  })

  it('that begins anew has nothing of what the checks of the last attempt said', async () => {
    await using bench = workbench()
    const healthCheck = probe('test', ['-e', 'ready'])
    const api = await up(bench.supervisor(shellService(forever, {healthCheck})))
    await eventually(() => api.status().health !== null)
    await api.stop()
    const said: unknown[] = []
    using _ = api.onChange(() => {
      const {attempt, pid, health} = api.status()
      if (attempt === 2 && pid === null) said.push(health)
    })
    await up(api)
    assert.ok(said.length > 0)
    assert.deepEqual(new Set(said), new Set([null]))
  })

  it('that ends well at once is done; that ends badly has failed, with its code', async () => {
    await using bench = workbench()
    const good = await up(bench.supervisor(shellService('exit 0'), 'good'))
    await reaches(good, 'Stopped')
    assert.deepEqual([good.view().endedWell, good.record.reason, good.record.desired], [true, 'exit 0', 'down'])
    const bad = await up(bench.supervisor(shellService('echo oh; exit 7'), 'bad'))
    await reaches(bad, 'Failed')
    assert.deepEqual([bad.view().ended, bad.record.reason, bad.record.exit?.code], [true, 'exit 7', 7])
    assert.equal(bad.record.failure?.code, 'SERVICE_EXITED')
  })

  it('with a missing program fails with the reason and is not tried again', async () => {
    await using bench = workbench()
    const target = {type: 'process', spec: {binary: 'no-such-program'}}
    const api = await up(bench.supervisor(shellService('', {target, restart})))
    assert.equal(api.record.state, 'Failed')
    assert.match(api.record.reason ?? '', /no-such-program/)
    assert.deepEqual([api.record.failure?.code, api.record.desired], ['SERVICE_START_FAILED', 'down'])
    assert.equal(bench.path(), 'Starting Failed')
  })

  it('with a missing interpreter fails with the reason of the system, whatever its policy', async () => {
    await using bench = workbench()
    const binary = path.join(bench.folder, 'script')
    writeFileSync(binary, '#!/no/such/interpreter\n', {mode: 0o755})
    const api = await up(bench.supervisor(shellService('', {target: {type: 'process', spec: {binary}}, restart})))
    await reaches(api, 'Failed')
    assert.match(api.record.reason ?? '', /needs the interpreter '\/no\/such\/interpreter'/)
    assert.equal(api.record.attempt, 1)
  })

  it('with a bad directory fails the same way', async () => {
    await using bench = workbench()
    const spec = {binary: 'sh', args: ['-c', forever], working_dir: 'nowhere'}
    const api = await up(bench.supervisor(shellService('', {target: {type: 'process', spec}, restart})))
    assert.equal(api.record.state, 'Failed')
    assert.match(api.record.reason ?? '', /nowhere/)
  })

  it('is restarted by its policy until it is a crash loop', async () => {
    await using bench = workbench()
    const definition = shellService('exit 9', {restart: {...restart, maxAttempts: 2}})
    const api = await up(bench.supervisor(definition))
    await reaches(api, 'Failed')
    assert.equal(api.record.reason, 'crash loop: 3 exits in 60 s, the last with exit 9')
    assert.deepEqual([api.record.attempt, api.record.restartCount, api.record.exit?.code], [3, 2, 9])
    await up(api)
    await eventually(() => api.record.attempt >= 4)
    await reaches(api, 'Failed')
    assert.equal(api.record.attempt, 6)
  })

  it('backs off on the clock, and a stop meanwhile wins for good', async () => {
    const clock = new FakeClock(Date.now())
    await using bench = workbench({clock})
    const slow = {...restart, delayMs: 10_000, maxDelayMs: 60_000}
    const api = await up(bench.supervisor(shellService('exit 1', {restart: slow})))
    await reaches(api, 'Restarting')
    const until = api.record.backoffUntil ?? 0
    assert.equal(api.status().backoffUntil, new Date(until).toISOString())
    await clock.advance(until - clock.now() - 1)
    assert.equal(api.record.state, 'Restarting')
    await clock.advance(1)
    await eventually(() => api.record.attempt === 2 && api.record.state === 'Restarting')
    await api.stop()
    await clock.advance(3_600_000)
    assert.deepEqual([api.record.state, api.record.attempt, api.record.backoffUntil], ['Stopped', 2, null])
    assert.equal(clock.pending, 0)
  })

  it('is not started again between the wish to stop and the stop', async () => {
    const clock = new FakeClock(Date.now())
    await using bench = workbench({clock})
    const api = await up(bench.supervisor(shellService('exit 1', {restart: {...restart, delayMs: 1000}})))
    await reaches(api, 'Restarting')
    await api.unwant()
    await clock.advance(60_000)
    assert.equal(api.record.attempt, 1)
    await api.stop()
    assert.equal(api.record.state, 'Stopped')
  })

  it('answers 20 concurrent restarts with one process', async () => {
    await using bench = workbench()
    const api = await up(bench.supervisor(shellService(forever)))
    await reaches(api, 'Running')
    await Promise.all(
      Array.from({length: 20}, async () => {
        await api.want(null)
        await api.restart()
      }),
    )
    await reaches(api, 'Running')
    assert.deepEqual(await bench.left(), [api.status().pid])
    assert.ok(api.record.attempt < 6, `it was restarted ${api.record.attempt} times`)
    assert.deepEqual(bench.troubles, [])
  })

  it('does what was asked last: restart, stop, restart', async () => {
    await using bench = workbench()
    const api = await up(bench.supervisor(shellService(forever)))
    await reaches(api, 'Running')
    const all = [api.restart(), api.stop()]
    await api.want(null)
    all.push(api.restart())
    await Promise.all(all)
    await reaches(api, 'Running')
    assert.deepEqual(await bench.left(), [api.status().pid])
    assert.equal(api.record.desired, 'up')
  })

  it('ends up stopped when a stop comes while it is being launched', async () => {
    await using bench = workbench()
    for (let round = 0; round < 10; round += 1) {
      const api = bench.supervisor(shellService(forever), `api${round}`)
      await api.want(null)
      const starting = api.start()
      for (let turn = 0; turn < round; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      await Promise.all([starting, round % 2 === 0 ? api.stop() : api.unwant().then(() => api.stop())])
      assert.match(api.record.state, /^(NotStarted|Stopped)$/)
      assert.equal(api.record.desired, 'down')
    }
    assert.deepEqual(await bench.left(), [])
    assert.deepEqual(bench.troubles, [])
  })

  it('does not stay Starting when it is no longer wanted while it is being launched', async () => {
    await using bench = workbench()
    for (let round = 0; round < 10; round += 1) {
      const api = bench.supervisor(shellService(forever), `api${round}`)
      await api.want(null)
      const starting = api.start()
      for (let turn = 0; turn < round; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      await Promise.all([starting, api.unwant()])
      if (api.handle === undefined) assert.match(api.record.state, /^(NotStarted|Stopped)$/)
      await api.stop()
    }
    assert.deepEqual(await bench.left(), [])
  })

  it('that is not ready in time is kept and called overdue, and is Running when it becomes ready after all', async () => {
    await using bench = workbench()
    const healthCheck = probe('test', ['-e', 'ready'])
    const api = await up(bench.supervisor(shellService(forever, {healthCheck, startupTimeoutMs: 50})))
    await eventually(() => api.record.overdue)
    assert.equal(api.record.state, 'Starting')
    assert.equal(api.record.failure?.code, 'SERVICE_START_TIMEOUT')
    assert.match(api.record.reason ?? '', /^not ready after 50 ms/)
    await eventually(async () => (await bench.left()).length > 0)
    writeFileSync(path.join(bench.folder, 'ready'), '')
    await reaches(api, 'Running')
    assert.deepEqual([api.record.overdue, api.record.reason, api.record.failure], [false, null, null])
  })

  it('that is not ready in time is stopped when it says so', async () => {
    await using bench = workbench()
    const healthCheck = probe('false', [])
    const definition = shellService(forever, {healthCheck, startupTimeoutMs: 50, onStartTimeout: 'stop'})
    const api = await up(bench.supervisor(definition))
    await reaches(api, 'Failed')
    assert.equal(api.record.failure?.code, 'SERVICE_START_TIMEOUT')
    assert.equal(api.view().ended, false, 'it did not end by itself')
    assert.deepEqual(await bench.left(), [])
  })

  it('is Unhealthy after failures in a row, and Running again after a success', async () => {
    await using bench = workbench()
    const api = await up(bench.supervisor(shellService(forever, {healthCheck: probe('test', ['!', '-e', 'ill'])})))
    await reaches(api, 'Running')
    writeFileSync(path.join(bench.folder, 'ill'), '')
    await reaches(api, 'Unhealthy')
    rmSync(path.join(bench.folder, 'ill'))
    await reaches(api, 'Running')
    assert.equal(api.record.attempt, 1)
  })

  it('that ends while the disk is full is brought back when there is room again', async () => {
    const clock = new FakeClock(Date.now())
    const memory = memoryStore()
    const disk = {full: false, refused: 0}
    const refused = new HarnessError('STATE_WRITE_FAILED', {subject: '/state', reason: 'no space left'})
    const commit = (changes: readonly Change[]) => {
      if (!disk.full) return memory.commit(changes)
      disk.refused += 1
      return Promise.reject(refused)
    }
    await using bench = workbench({clock, store: {...memory, commit}})
    const api = await up(bench.supervisor(shellService(forever, {restart: {...restart, delayMs: 0}})))
    await clock.advance(0)
    await reaches(api, 'Running')
    disk.full = true
    kill(api.status().pid ?? 0)
    await eventually(() => bench.troubles.length > 0)
    await clock.advance(1000)
    await eventually(() => disk.refused > 1)
    assert.deepEqual([api.record.state, api.record.exit], ['Running', null])
    assert.equal(bench.troubles.length, 1, 'says so once')
    disk.full = false
    await clock.advance(1000)
    await eventually(() => api.record.exit?.signal === 'SIGKILL' || api.record.attempt === 2)
    await eventually(async () => {
      await clock.advance(100)
      return api.record.attempt === 2 && api.record.state === 'Running'
    })
    assert.match(bench.path(), /^Starting Running Restarting Starting Running$/)
  })

  it('waits for min_uptime before it is ready', async () => {
    const clock = new FakeClock(Date.now())
    await using bench = workbench({clock})
    const api = await up(bench.supervisor(shellService(forever, {minUptimeMs: 5000})))
    await clock.advance(4000)
    assert.equal(api.record.state, 'Starting')
    await clock.advance(1500)
    await reaches(api, 'Running')
  })

  it('keeps its allocated port over restarts', async () => {
    await using bench = workbench()
    const ports = [{name: 'web', protocol: 'http', port: 0} as const]
    const api = await up(bench.supervisor(shellService(forever, {ports})))
    const before = api.status().endpoints[0]?.url
    assert.match(before ?? '', /^http:\/\/127\.0\.0\.1:\d+$/)
    await api.restart()
    assert.equal(api.status().endpoints[0]?.url, before)
  })

  it('keeps the output of five attempts and removes older ones', async () => {
    await using bench = workbench()
    const api = bench.supervisor(shellService('true'))
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      await up(api)
      await reaches(api, 'Stopped')
    }
    assert.equal(api.record.earlier.length + 1, 5)
    await eventually(() => readdirSync(path.join(bench.folder, 'runs', 'demo', 'api')).length === 2 * 5)
    assert.deepEqual(bench.troubles, [])
  })

  it('says why it is blocked, and forgets it when it is wanted again or stopped', async () => {
    await using bench = workbench()
    const api = bench.supervisor(shellService(forever))
    const by = {kind: 'service', name: 'db', reason: "api needs service 'db', which failed"} as const
    await api.want(null)
    await api.block(by)
    assert.deepEqual([api.status().blockedBy, api.status().desired], [by, 'down'])
    await api.want(null)
    assert.deepEqual([api.status().blockedBy, api.status().reason], [null, null])
    await api.block(by)
    await api.stop()
    assert.deepEqual([api.status().blockedBy, api.status().reason, api.status().state], [null, null, 'NotStarted'])
  })
})

describe('a service that could not be stopped', () => {
  /** Its executor cannot end it until it is told to. */
  const stubborn = (bench: ReturnType<typeof workbench>) => {
    const real = bench.host.executor('process')
    let deaf = true
    const executor = {
      ...real,
      async start(...args: Parameters<typeof real.start>) {
        const handle = await real.start(...args)
        const stop = handle.stop.bind(handle)
        handle.stop = (options) => (deaf ? Promise.reject(new Error('it cannot be ended')) : stop(options))
        return handle
      },
      async recover(...args: Parameters<typeof real.recover>) {
        const handle = await real.recover(...args)
        const stop = handle?.stop.bind(handle)
        if (handle && stop)
          handle.stop = (options) => (deaf ? Promise.reject(new Error('it cannot be ended')) : stop(options))
        return handle
      },
    }
    const supervisor = new ServiceSupervisor(
      {...bench.host, executor: () => executor},
      {name: 'api', definition: shellService(forever), endpoints: [], group: 'api', replica: 1, hash: 'x'},
      newServiceRecord(0),
    )
    return {
      supervisor,
      listen: () => {
        deaf = false
      },
    }
  }

  it('has failed and says why; a further stop tries again', async () => {
    await using bench = workbench()
    const {supervisor, listen} = stubborn(bench)
    await reaches(await up(supervisor), 'Running')
    await assert.rejects(supervisor.stop(), {code: 'SERVICE_STOP_FAILED', reason: 'it cannot be ended'})
    // As a step of a plan it does not keep the others from going on.
    assert.equal(await supervisor.act('stop', 'asked for'), 'acted')
    const {state, failure, exit} = supervisor.record
    assert.deepEqual([state, failure?.code, exit], ['Failed', 'SERVICE_STOP_FAILED', null])
    assert.equal((await bench.left()).length, 1)
    listen()
    await supervisor.stop()
    assert.deepEqual([supervisor.record.state, supervisor.record.failure], ['Stopped', null])
    assert.deepEqual(await bench.left(), [])
    await supervisor.close()
  })

  it('is not started a second time beside what is left of it', async () => {
    await using bench = workbench()
    const {supervisor, listen} = stubborn(bench)
    await reaches(await up(supervisor), 'Running')
    const before = await bench.left()
    await assert.rejects(supervisor.stop(), {code: 'SERVICE_STOP_FAILED'})
    await up(supervisor)
    assert.deepEqual([supervisor.record.state, supervisor.record.attempt], ['Failed', 1])
    assert.deepEqual(await bench.left(), before)
    listen()
    await reaches(await up(supervisor), 'Running')
    const after = await bench.left()
    assert.equal(after.length, 1)
    assert.notDeepEqual(after, before)
    await supervisor.stop()
    await supervisor.close()
  })
})
