import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {appendFileSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {findRun} from '../../../src/core/process/find-run.js'
import {createProcessHost} from '../../../src/core/process/host.js'
import {identify, isAlive} from '../../../src/core/process/identity.js'
import {bootId} from '../../../src/core/process/platform.js'
import {claimRun, readExit, readRun, runPaths} from '../../../src/core/process/run-directory.js'
import {eventually, linesOf, never, workshop} from './temporary.js'

describe('recovering a service', () => {
  it('adopts what runs: same process, all lines, its end', async () => {
    await using shop = workshop()
    const first = await shop.sh('i=0; while [ $i -lt 60 ]; do i=$((i+1)); echo $i; sleep 0.01; done; exit 3')
    first.release()
    const again = shop.keep(await shop.executor().recover(first.save(), never))
    assert.equal(again?.place.pid, first.place.pid)
    assert.deepEqual(await again?.wait(), {by: 'code', code: 3})
    const expected = Array.from({length: 60}, (_, index) => `stdout: ${index + 1}`)
    assert.deepEqual(again && (await linesOf(again)), expected)
  })

  it('tells the end that came while nobody was there, and sweeps what was left', async () => {
    await using shop = workshop()
    const first = await shop.sh(`setsid sleep 600 & exit 5`)
    first.release()
    await eventually(() => readExit(runPaths(first.save().state.runDirectory)))
    const again = shop.keep(await shop.executor().recover(first.save(), never))
    assert.deepEqual(await again?.wait(), {by: 'code', code: 5})
    assert.deepEqual(await shop.left(), [])
  })

  it('runs commands in the environment that it was started with', async () => {
    await using shop = workshop()
    const first = await shop.sh('exec sleep 600', {env: {COLOUR: 'green'}})
    const again = shop.keep(await shop.executor().recover(first.save(), never))
    const result = await again?.exec?.({program: 'sh', args: ['-c', 'echo $COLOUR in $PWD'], env: {}}, never)
    assert.equal(result?.stdout, `green in ${shop.folder}\n`)
  })

  it('neither adopts nor signals anything after another boot', async () => {
    await using shop = workshop()
    const first = await shop.sh('exec sleep 600')
    const paths = runPaths(first.save().state.runDirectory)
    const original = readFileSync(paths.run, 'latin1')
    writeFileSync(paths.run, original.replace(bootId(), '00000000-0000-0000-0000-000000000000'))
    const again = shop.keep(await shop.executor().recover(first.save(), never))
    const status = await again?.wait()
    assert.equal(status?.by, 'lost')
    assert.equal(status.rebooted, true)
    await again?.stop({graceMs: 0})
    writeFileSync(paths.run, original)
    assert.ok(identify(first.place.pid ?? 0), 'it was not touched')
  })

  it('neither adopts nor signals a process that got the same number', async () => {
    await using shop = workshop()
    const first = await shop.sh('exit 0')
    await first.wait()
    const stranger = spawn('sleep', ['600'], {stdio: 'ignore', detached: true})
    try {
      const paths = runPaths(first.save().state.runDirectory)
      writeFileSync(paths.run, `run 1 1 ${stranger.pid} 12345 ${bootId()}\n`)
      writeFileSync(paths.exit, ' '.repeat(255) + '\n')
      const again = shop.keep(await shop.executor().recover(first.save(), never))
      await again?.stop({graceMs: 0})
      assert.equal((await again?.wait())?.by, 'lost')
      assert.ok(identify(stranger.pid ?? 0))
    } finally {
      stranger.kill('SIGKILL')
    }
  })

  it('ends a shim that hangs with the claim, after which nothing can begin', async () => {
    await using shop = workshop()
    const {createRunDirectory} = await import('../../../src/core/process/run-directory.js')
    const request = shop.request({binary: 'true'})
    const paths = runPaths(request.runDirectory)
    createRunDirectory(paths, 'exit 1\n', false)
    const hung = spawn('sleep', ['600'], {stdio: 'ignore'})
    const identity = identify(hung.pid ?? 0)
    assert.ok(identity)
    appendFileSync(paths.claim, `claim ${identity.pid} ${identity.startTick} ${identity.boot}\n`)
    assert.equal(await findRun({paths, instance: request.instance, service: 'svc'}, createProcessHost()), undefined)
    await eventually(() => !isAlive(identity))
  })

  it('ends no shim whose record comes while it is looked for: nothing runs without somebody who watches it', async () => {
    await using shop = workshop()
    const {createRunDirectory} = await import('../../../src/core/process/run-directory.js')
    const request = shop.request({binary: 'true'})
    const paths = runPaths(request.runDirectory)
    createRunDirectory(paths, 'exit 1\n', false)
    const slow = spawn('sleep', ['600'], {stdio: 'ignore'})
    const identity = identify(slow.pid ?? 0)
    assert.ok(identity)
    appendFileSync(paths.claim, `claim ${identity.pid} ${identity.startTick} ${identity.boot}\n`)
    const host = createProcessHost()
    // It goes on at the worst moment, as on a machine that has much to do: all processes are read, which takes its time.
    const scan = (): ReturnType<typeof host.scanner.scan> => {
      try {
        const record = `run ${identity.pid} ${identity.startTick} ${process.pid} 1 ${identity.boot}\n`
        writeFileSync(paths.run, record, {flag: 'r+'})
      } catch {
        // Its folder is out of its reach: it ends, and its program never begins.
      }
      return host.scanner.scan()
    }
    const found = await findRun(
      {paths, instance: request.instance, service: 'svc'},
      {...host, scanner: {...host.scanner, scan}},
    )
    assert.equal(found, undefined)
    await eventually(() => !isAlive(identity))
  })

  it('lets only one of many take the claim', async () => {
    await using shop = workshop()
    const {createRunDirectory} = await import('../../../src/core/process/run-directory.js')
    const paths = runPaths(shop.request({binary: 'true'}).runDirectory)
    createRunDirectory(paths, '', false)
    assert.deepEqual([claimRun(paths), claimRun(paths), claimRun(paths)], [true, false, false])
  })
})

describe('a service whose run directory was removed', () => {
  it('is ended with all that it started before it is said not to run', async () => {
    await using shop = workshop()
    const first = await shop.sh(`setsid sleep 600 & sh -c 'trap "" TERM; sleep 600' & exec sleep 600`)
    await eventually(async () => (await shop.left()).length >= 4)
    first.release()
    rmSync(first.save().state.runDirectory, {recursive: true})
    const begin = performance.now()
    assert.equal(await shop.executor().recover(first.save(), never), undefined)
    assert.ok(performance.now() - begin < 4000, 'the host waits 5 s at most')
    assert.deepEqual(await shop.left(), [])
  })

  it('is ended also when only its records are gone', async () => {
    await using shop = workshop()
    const first = await shop.sh('exec sleep 600')
    first.release()
    const paths = runPaths(first.save().state.runDirectory)
    for (const file of [paths.claim, paths.run, paths.command]) rmSync(file)
    assert.equal(await shop.executor().recover(first.save(), never), undefined)
    assert.deepEqual(await shop.left(), [])
  })

  it('leaves the processes of other attempts alone', async () => {
    await using shop = workshop()
    const [first, other] = await Promise.all([shop.sh('exec sleep 600'), shop.sh('exec sleep 600')])
    first.release()
    rmSync(first.save().state.runDirectory, {recursive: true})
    await shop.executor().recover(first.save(), never)
    assert.deepEqual(await shop.left(), [other.place.pid])
  })
})

describe('a daemon killed at any moment while services start', () => {
  it('leaves each of them running once, or never to begin', async () => {
    await using shop = workshop()
    const here = new URL('.', import.meta.url)
    const script = `
      import {processExecutor} from ${JSON.stringify(new URL('../../../src/core/executors/process/executor.ts', here).href)}
      const executor = processExecutor({})
      process.stdin.once('data', async (text) => {
        const requests = JSON.parse(text)
        console.log('go')
        await Promise.all(requests.map((request) => executor.start(request, {signal: new AbortController().signal, progress: () => undefined})))
        console.log('all')
      })
      console.log('up')`
    for (const delay of [1, 5, 15, 40]) {
      const requests = Array.from({length: 15}, () => shop.request({binary: 'sleep', args: ['600']}))
      const file = path.join(shop.folder, `daemon-${delay}.mts`)
      writeFileSync(file, script)
      const daemon = spawn(process.execPath, ['--import=tsx', file], {stdio: ['pipe', 'pipe', 'inherit']})
      let said = ''
      daemon.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
      await eventually(() => said.includes('up'), 15_000)
      daemon.stdin.write(JSON.stringify(requests))
      await eventually(() => said.includes('go'))
      await new Promise((resolve) => setTimeout(resolve, delay))
      daemon.kill('SIGKILL')
      const executor = shop.executor()
      const handles = await Promise.all(requests.map((request) => executor.recover(executor.intent(request), never)))
      const running = handles.filter((handle) => shop.keep(handle) !== undefined)
      for (const handle of running) assert.ok(identify(handle?.place.pid ?? 0))
      const records = requests.filter((request) => readRun(runPaths(request.runDirectory)))
      assert.equal(records.length, running.length)
      // A process has its cookie from the moment that it becomes the program, an instant after its record.
      await eventually(async () => (await shop.left()).length >= running.length)
      assert.equal((await shop.left()).length, running.length, 'one process each')
      await Promise.all(running.map(async (handle) => handle?.stop({graceMs: 1000})))
      assert.deepEqual(await shop.left(), [])
    }
  })
})
