import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {StackStatus} from '../../../src/core/contract/status.js'
import type {WorkloadHandle} from '../../../src/core/contract/workload.js'
import {dockerAttachExecutor} from '../../../plugins/docker/src/attach/executor.js'
import type {AttachSpec} from '../../../plugins/docker/src/attach/spec.js'
import type {RunState} from '../../../plugins/docker/src/state.js'
import {eventually, never} from '../../core/process/temporary.js'
import {pluginParts} from './plugin-parts.js'
import {withEngine} from './with-engine.js'

const image = 'busybox:local'
/** Runs until it is told to end. */
const untilTold = 'until [ -e /end ]; do sleep 0.05; done; echo over; exit 3'
const told = (container: string) => ['exec', container, 'touch', '/end'] as const

describe('plugins/docker, containers that run already', function () {
  this.timeout(60_000)
  const engine = withEngine()

  function setUp(host = engine().host) {
    const parts = pluginParts(host)
    const executor = () => dockerAttachExecutor(parts.shared())
    const handles: WorkloadHandle<RunState>[] = []
    const open = (handle: WorkloadHandle<RunState>): WorkloadHandle<RunState> => {
      handles.push(handle)
      return handle
    }
    return {
      async attach(spec: AttachSpec) {
        const request = parts.request('shop/db', spec)
        return open(await executor().start(request, {signal: never, progress: () => undefined}))
      },
      /** What a later daemon makes of it. */
      async again(handle: WorkloadHandle<RunState>) {
        handle.release()
        const found = await executor().recover(handle.save(), never)
        assert.ok(found)
        return open(found)
      },
      [Symbol.dispose]() {
        for (const handle of handles) handle.release()
        parts[Symbol.dispose]()
      },
    }
  }

  const run = (script: string, ...options: readonly string[]): Promise<string> =>
    engine().docker('run', '--detach', ...options, image, 'sh', '-c', script)
  const stateOf = (container: string): Promise<string> =>
    engine().docker('inspect', '--format', '{{.State.Status}}', container)

  async function linesOf({logs}: WorkloadHandle<RunState>): Promise<readonly string[]> {
    const chunks = await Promise.all(logs.map((log) => log.read(0, 1_000_000)))
    return chunks
      .flatMap(({bytes}) => Buffer.from(bytes).toString().split('\n'))
      .map((line) => line.trim())
      .filter((line) => line !== '')
  }

  describe('that are not there', () => {
    async function refuses(spec: AttachSpec, reason: RegExp, hint: RegExp): Promise<void> {
      using scene = setUp()
      await assert.rejects(scene.attach(spec), (error: Error & {readonly code?: string; readonly hint?: string}) => {
        assert.equal(error.code, 'SERVICE_START_FAILED')
        assert.match(error.message, reason)
        assert.match(error.hint ?? '', hint)
        return true
      })
    }

    it('says that none has the name', () =>
      refuses({container: 'no/body'}, /: there is no container 'no\/body'\.$/, /^`docker ps` shows/))

    it('says that it has ended, and that it never began', async () => {
      await run('exit 4', '--name', 'ended')
      await eventually(async () => (await stateOf('ended')) === 'exited')
      const start = /^Start it with `docker start (ended|created)`/
      await refuses({container: 'ended'}, /the container 'ended' does not run: it has ended with exit code 4\.$/, start)
      await engine().docker('create', '--name', 'created', image, 'true')
      await refuses({container: 'created'}, /the container 'created' does not run: it was never started\.$/, start)
    })

    it('says that none has the label, or one that does not run', async () => {
      await refuses(
        {label: 'team=red'},
        /: no container that runs has the label 'team=red'\.$/,
        /--filter label=team=red/,
      )
      await run('exit 0', '--name', 'red', '--label', 'team=red')
      await eventually(async () => (await stateOf('red')) === 'exited')
      await refuses({label: 'team=red'}, /; it is that of red, and none of them runs\.$/, /start one first/)
    })

    it('names all that have the label', async () => {
      for (const name of ['two', 'one']) await run(untilTold, '--name', name, '--label', 'twins')
      await refuses({label: 'twins'}, /: 2 containers that run have the label 'twins', .*: one, two\.$/, /'container'/)
    })

    it('says that there is no engine', async () => {
      using scene = setUp('unix:///nowhere.sock')
      await assert.rejects(scene.attach({container: 'any'}), {code: 'EXECUTOR_UNAVAILABLE'})
    })
  })

  it('are found by a label and its value, and by a label alone', async () => {
    using scene = setUp()
    const name = 'only'
    await run(untilTold, '--label', 'role=only', '--name', name)
    for (const label of ['role', 'role=only']) {
      const handle = await scene.attach({label})
      assert.equal(handle.place.container, name)
    }
  })

  it('are left where they are when they end, and how they ended is known, also to later daemons', async () => {
    using scene = setUp()
    const id = await run(untilTold)
    const handle = await scene.attach({container: id})
    await engine().docker(...told(id))
    const status = {by: 'code', code: 3}
    assert.deepEqual(await handle.wait(), status)
    assert.deepEqual(await linesOf(handle), ['over'])
    assert.equal(await stateOf(id), 'exited')
    const recovered = await scene.again(handle)
    assert.deepEqual([await recovered.wait(), await linesOf(recovered)], [status, ['over']])
    await recovered.destroy()
    assert.equal(await stateOf(id), 'exited')
  })

  it('may end while no daemon is there', async () => {
    using scene = setUp()
    const id = await run(untilTold)
    const handle = await scene.attach({container: id})
    handle.release()
    await engine().docker(...told(id))
    await eventually(async () => (await stateOf(id)) === 'exited')
    const recovered = await scene.again(handle)
    assert.deepEqual(await recovered.wait(), {by: 'code', code: 3})
    assert.deepEqual(await linesOf(recovered), ['over'])
  })

  it('may be removed, or started anew, while no daemon is there', async () => {
    using scene = setUp()
    for (const [command, reason] of [
      [['restart', '--time', '0'], 'somebody else started its container anew'],
      [['rm', '--force'], 'somebody else removed the container'],
    ] as const) {
      const id = await run(untilTold)
      const handle = await scene.attach({container: id})
      handle.release()
      await engine().docker(...command, id)
      assert.deepEqual(await (await scene.again(handle)).wait(), {by: 'lost', reason})
    }
  })

  it('may be started anew, of which is heard at once, and nothing of the new run is taken for that of the old one', async () => {
    using scene = setUp()
    const name = 'anew'
    const script =
      'trap "echo bye; exit 0" TERM; touch /runs; echo run $(cat /runs); echo x >>/runs; while :; do sleep 0.02; done'
    for (let round = 1; round <= 5; round += 1) {
      const id = await run(script, '--name', `${name}${round}`)
      const handle = await scene.attach({container: id})
      await eventually(async () => (await linesOf(handle)).length === 1)
      await engine().docker('restart', id)
      const since = Date.now()
      const {by} = await handle.wait()
      assert.ok(['code', 'lost'].includes(by))
      assert.ok(Date.now() - since < 2000, `heard of after ${Date.now() - since} ms`)
      assert.deepEqual(await linesOf(handle), ['run', 'bye'])
      const next = await scene.attach({container: id})
      await eventually(async () => (await linesOf(next)).includes('run x'))
      await engine().docker('rm', '--force', id)
    }
  })

  for (const [title, options] of [
    ['', []],
    [', with a terminal', ['--tty']],
  ] as const) {
    it(`give their last thousand lines, then all, each once, also over restarts of the daemon${title}`, async () => {
      using scene = setUp()
      const numbers = (from: number, to: number): readonly string[] =>
        Array.from({length: to - from + 1}, (_, index) => String(from + index))
      const script = `seq 1500; until [ -e /end ]; do sleep 0.05; done; seq 1501 4000`
      const id = await run(script, ...options)
      await eventually(async () => (await engine().docker('logs', id)).includes('1500'))
      const handle = await scene.attach({container: id})
      await eventually(async () => (await linesOf(handle)).length >= 1000)
      assert.deepEqual(await linesOf(handle), numbers(501, 1500))
      const recovered = await scene.again(handle)
      await engine().docker(...told(id))
      await recovered.wait()
      assert.deepEqual(await linesOf(recovered), numbers(501, 4000))
    })
  }

  it('run on without a log where the engine keeps none', async () => {
    using scene = setUp()
    const id = await run(untilTold, '--log-driver', 'none')
    const handle = await scene.attach({container: id})
    await engine().docker(...told(id))
    assert.deepEqual(await handle.wait(), {by: 'code', code: 3})
  })

  it('run commands, and say what they use and how healthy they are', async () => {
    using scene = setUp()
    const check = ['--health-cmd', 'echo all is well', '--health-interval', '100ms']
    const handle = await scene.attach({container: await run(untilTold, ...check)})
    const ran = await handle.exec?.(
      {program: 'sh', args: ['-c', 'echo $GREETING; exit 5'], env: {GREETING: 'hi'}},
      never,
    )
    assert.deepEqual(ran, {status: {by: 'code', code: 5}, stdout: 'hi\n', stderr: ''})
    assert.ok(((await handle.stats?.(never))?.memory ?? 0) > 0)
    await eventually(() => Promise.resolve(handle.health?.current.state === 'healthy'))
    assert.deepEqual(handle.health?.current, {state: 'healthy', message: 'all is well'})
    assert.equal('signal' in handle, false)
  })

  it('are reached by others in their networks by name', async () => {
    using scene = setUp()
    await engine().docker('network', 'create', '--subnet', '10.83.0.0/24', 'others')
    const handle = await scene.attach({container: await run(untilTold, '--network', 'others', '--name', 'named')})
    assert.deepEqual(handle.seat, {isolated: true, networks: {others: 'named'}, gateway: '10.83.0.1'})
    const plain = await scene.attach({container: await run(untilTold, '--network', 'host')})
    assert.deepEqual(plain.seat, {})
  })

  it('are services of a stack until it is stopped, also over a daemon that was killed', async () => {
    await using sandbox = await engine().sandbox()
    await engine().docker('network', 'create', 'back')
    const id = await run(
      'i=0; while :; do i=$((i+1)); echo tick $i; sleep 0.1; done',
      '--name',
      'store',
      '--network',
      'back',
    )
    const store = {type: 'docker-attach', container: 'store', ports: ['15432:5432']}
    const target = {type: 'docker', image, command: ['sleep', '600'], init: true, networks: {back: {external: true}}}
    const worker = {target, env: {STORE: '${store.host}:${store.port}'}, dependencies: ['store']}
    await sandbox.write(JSON.stringify({name: 'mixed', services: {store, worker}}))
    const ran = await sandbox.run('start')
    assert.equal(ran.code, 0, ran.stderr)
    const {pid} = await sandbox.json<{readonly pid: number}>('daemon', 'status')
    process.kill(pid, 'SIGKILL')
    const {services} = await sandbox.json<StackStatus>('status')
    assert.deepEqual(
      services.map(({name, state}) => [name, state]),
      [
        ['store', 'Running'],
        ['worker', 'Running'],
      ],
    )
    assert.equal((await sandbox.run('exec', 'store', '--', 'hostname')).stdout.trim(), id.slice(0, 12))
    assert.equal((await sandbox.run('exec', 'worker', '--', 'sh', '-c', 'echo $STORE')).stdout, 'store:5432\n')
    assert.equal((await sandbox.run('signal', 'store', 'HUP')).code, 5)
    const stopped = await sandbox.run('stop')
    assert.equal(stopped.code, 0, stopped.stderr)
    const logs = (await sandbox.run('logs', 'store', '--tail', 'all')).stdout
      .trim()
      .split('\n')
      .map((line) => line.replace(/^.*tick /, ''))
    assert.deepEqual(
      logs,
      logs.map((_, index) => String(index + 1)),
    )
    assert.equal(await stateOf('store'), 'running')
  })
})
