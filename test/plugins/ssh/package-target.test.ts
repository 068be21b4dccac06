import assert from 'node:assert/strict'
import {randomUUID} from 'node:crypto'
import {rm, writeFile} from 'node:fs/promises'
import {readlinkSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {StartRequest} from '../../../src/core/contract/executor.js'
import type {WorkloadHandle} from '../../../src/core/contract/workload.js'
import {buildPackage} from '../../../plugins/ssh/src/package/archive/build-package.js'
import {readArchive} from '../../../plugins/ssh/src/package/archive/read-archive.js'
import {deploy, tidy} from '../../../plugins/ssh/src/package/install/deploy.js'
import {makePlace} from '../../../plugins/ssh/src/package/install/place.js'
import {packageExecutor} from '../../../plugins/ssh/src/package/target/executor.js'
import {remoteOrPackage} from '../../../plugins/ssh/src/package/target/remote-or-package.js'
import type {PackageSpec} from '../../../plugins/ssh/src/package/target/spec.js'
import type {RemoteState} from '../../../plugins/ssh/src/remote/state.js'
import {Turns} from '../../../plugins/ssh/src/package/target/turns.js'
import {never} from '../../core/process/temporary.js'
import {processesNaming, until} from '../../support/harness.js'
import {PackageFolder, sleeper, sleeperScript} from './package-folder.js'
import {sharedFor} from './remote-parts.js'
import {shellHost} from './shell-host.js'

describe('starting a package', function () {
  this.timeout(60_000)

  it('waits for its check by command, which finds its variables and its folder', async () => {
    await using scene = await Scene.make()
    const health = {command: 'test "$WORD" = good && test -e bin/main && test -e "$MARK"', start_interval: '20ms'}
    const mark = scene.folder.at('mark')
    const starting = scene.start(
      '1.0.0',
      {health: {...health, interval: '20ms', retries: 2}},
      {env: {WORD: 'good', MARK: mark}},
    )
    await until(() => scene.said.some((line) => line.startsWith("command 'test ")), 'it is asked')
    await writeFile(mark, '')
    const handle = await starting
    assert.equal(handle.health?.current.state, 'healthy')
    assert.equal(handle.fallback, undefined)
    let changes = 0
    using _listening = handle.health.onChange(() => (changes += 1))
    await rm(mark)
    await until(() => handle.health?.current.state === 'unhealthy', 'it is unhealthy')
    await writeFile(mark, '')
    await until(() => handle.health?.current.state === 'healthy', 'it is healthy again')
    assert.ok(changes >= 2)

    const again = await scene.executor().recover(handle.save(), never)
    assert.ok(again?.health)
    using _other = again.health.onChange(() => undefined)
    await until(() => again.health?.current.state === 'healthy', 'a later daemon asks too')
    again.release()
    await scene.end(handle)
  })

  it('is taken back while it waits to be healthy: nothing is left, and the version before is current', async () => {
    await using scene = await Scene.make()
    const first = await scene.start('1.0.0')
    const before = scene.current()
    await scene.end(first)
    const taken = new AbortController()
    const health = {tcp: 1, start_interval: '20ms'}
    const starting = scene.start('2.0.0', {health}, {}, taken.signal)
    await until(() => scene.said.some((line) => line.startsWith('tcp 127.0.0.1:1: ')), 'it is asked')
    assert.match(scene.current(), /2\.0\.0/)
    taken.abort()
    await assert.rejects(starting, {name: 'AbortError'})
    assert.equal(scene.current(), before)
    assert.deepEqual(await scene.left(), [])
  })

  it('falls back where the program of a version cannot be run', async () => {
    await using scene = await Scene.make()
    await scene.end(await scene.start('1.0.0'))
    const handle = await scene.start('2.0.0', {start: {binary: 'no-such-program'}})
    assert.match(
      handle.fallback?.reason ?? '',
      /^version 2\.0\.0 could not be started: .*no-such-program.*; version 1\.0\.0 runs again$/,
    )
    assert.match(scene.current(), /1\.0\.0/)
    await scene.end(handle)
    assert.deepEqual(await scene.left(), [])
  })

  it('does not try a refused version again because the policy restarts it, and does when it is asked to', async () => {
    await using scene = await Scene.make()
    await scene.end(await scene.start('1.0.0'))
    const bad = {start: {binary: 'no-such-program'}}
    await scene.end(await scene.start('2.0.0', bad))
    scene.said.length = 0
    const kept = await scene.start('2.0.0', bad, {restarts: 1})
    assert.match(kept.fallback?.reason ?? '', /^version 2\.0\.0 could not be started: .*; version 1\.0\.0 runs$/)
    assert.ok(!scene.said.some((line) => line.includes('taking it back')))
    await scene.end(kept)
    await scene.end(await scene.start('2.0.0', bad))
    assert.ok(scene.said.some((line) => line.includes('taking it back')))
  })

  it('keeps to the version of before an interrupted deploy, not to that which was tried', async () => {
    await using scene = await Scene.make()
    await scene.end(await scene.start('1.0.0'))
    const bad = {start: {binary: 'no-such-program'}}
    await scene.end(await scene.start('2.0.0', bad))
    await scene.interrupt('3.0.0')
    assert.match(scene.current(), /3\.0\.0/)
    const kept = await scene.start('2.0.0', bad, {restarts: 1})
    assert.match(kept.fallback?.reason ?? '', /; version 1\.0\.0 runs$/)
    assert.match(scene.current(), /1\.0\.0/)
    await scene.end(kept)
  })

  it('names a variable that has no value, before anything is switched', async () => {
    await using scene = await Scene.make()
    const start = {binary: 'main', args: ['${A:-x}', '$$', '${MISSING}']}
    await assert.rejects(scene.start('1.0.0', {start}), {
      code: 'SERVICE_START_FAILED',
      reason: "its manifest uses ${MISSING}, which has no value: give it under 'env' in the stack file",
    })
    assert.throws(() => scene.current())
  })

  it('refuses the folder of another package', async () => {
    await using scene = await Scene.make()
    await scene.end(await scene.start('1.0.0'))
    await assert.rejects(scene.start('1.0.0', {name: 'other'}), {
      code: 'SERVICE_START_FAILED',
      reason: /is the folder of package 'sleeper', and this is 'other'$/,
    })
  })

  it('is what a remote service with a package is, and runs what that names', async () => {
    await using scene = await Scene.make()
    const remote = remoteOrPackage(scene.shared(), new Turns())
    const request = await scene.request('1.0.0', {})
    const spec = {
      ...request.spec,
      binary: 'sh',
      args: ['-c', 'pwd; echo "$HARNESS_PACKAGE"; exec sleep 600'],
      working_dir: 'bin',
    }
    const handle = await remote.start({...request, spec}, {signal: never, progress: () => undefined})
    assert.equal(handle.save().executor, 'remote')
    await until(async () => (await handle.logs[0]!.end()) > 0, 'it prints')
    const {bytes} = await handle.logs[0]!.read(0, 1000)
    assert.match(Buffer.from(bytes).toString(), /\/versions\/1\.0\.0-\w+\/files\/bin\nsleeper\n$/)
    const again = await remoteOrPackage(scene.shared(), new Turns()).recover(handle.save(), never)
    assert.equal(again?.place.pid, handle.place.pid)
    again?.release()
    await scene.end(handle)
  })
})

describe('deploys to one machine', () => {
  it('are two at a time, in their order; one that is taken back leaves the line', async () => {
    const turns = new Turns()
    const order: string[] = []
    const taken = new AbortController()
    const take = (name: string, signal: AbortSignal = never) =>
      turns
        .take('m', signal, () => order.push(`${name} waits`))
        .then((turn) => {
          order.push(name)
          return turn
        })
    const [first, second] = await Promise.all([take('1'), take('2')])
    const third = take('3', taken.signal)
    const fourth = take('4')
    taken.abort()
    await assert.rejects(third, {name: 'AbortError'})
    first[Symbol.dispose]()
    const last = await fourth
    assert.deepEqual(order, ['1', '2', '3 waits', '4 waits', '4'])
    using _elsewhere = await turns.take('n', never, () => assert.fail('another machine'))
    second[Symbol.dispose]()
    last[Symbol.dispose]()
    using _after = await turns.take('m', never, () => assert.fail('nobody is there'))
  })
})

type Handle = WorkloadHandle<RemoteState>
type Request = StartRequest<PackageSpec>

/** A daemon's folder, and a machine that is this one. */
class Scene implements AsyncDisposable {
  readonly said: string[] = []
  private built = 0
  private readonly running = new Set<Handle>()

  private constructor(readonly folder: PackageFolder) {}

  static async make(): Promise<Scene> {
    return new Scene(await PackageFolder.make())
  }

  shared() {
    const host = shellHost({home: this.folder.path})
    return sharedFor(this.folder.at('state'), () => Promise.resolve(host))
  }

  executor() {
    return packageExecutor(this.shared(), {turns: new Turns()})
  }

  async request(version: string, definition: object): Promise<Request> {
    const instance = randomUUID()
    this.built += 1
    const source = `source-${this.built}`
    await this.folder.write(`${source}/bin/main`, sleeperScript, 0o755)
    await this.folder.write(`${source}/harness-package.yaml`, JSON.stringify({...sleeper, version, ...definition}))
    const {file} = await buildPackage(this.folder.at(source), this.folder.at(`${source}.tgz`))
    return {
      ...{id: 'stack/svc/1', stack: 'stack', service: 'svc', attempt: 1, instance},
      ...{directory: this.folder.path, runDirectory: path.join(this.folder.at('runs'), instance)},
      ...{env: {}, inheritedEnv: {}, endpoints: [], logs: {capture: 'file', merge: false}, graceMs: 500},
      spec: {host: 'local', package: file, install_path: 'installed'},
    }
  }

  async start(
    version: string,
    definition: object = {},
    more: Partial<Request> = {},
    signal: AbortSignal = never,
  ): Promise<Handle> {
    const request = {...(await this.request(version, definition)), ...more}
    const handle = await this.executor().start(request, {signal, progress: (line) => void this.said.push(line)})
    this.running.add(handle)
    return handle
  }

  /** A deploy that nobody went on with. */
  async interrupt(version: string): Promise<void> {
    const {spec} = await this.request(version, {})
    const host = shellHost({home: this.folder.path})
    const place = await makePlace(spec.install_path, 'sleeper', {host, signal: never, say: () => undefined})
    const found = {...(await readArchive(spec.package)), file: spec.package}
    await deploy(place, await tidy(place), found, {scripts: {}, env: {}})
  }

  async end(handle: Handle): Promise<void> {
    await handle.stop({graceMs: 0})
    await handle.destroy()
    handle.release()
    this.running.delete(handle)
  }

  current(): string {
    return readlinkSync(this.folder.at('installed/current'))
  }

  left(): Promise<readonly number[]> {
    return processesNaming(`${this.folder.at('installed')}/versions`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const handle of this.running) await this.end(handle)
    await this.folder[Symbol.asyncDispose]()
  }
}
