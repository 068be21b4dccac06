import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {execFileSync} from 'node:child_process'
import {rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import type {Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {describe, it} from 'mocha'
import type {WorkloadHandle} from '../../../src/core/contract/workload.js'
import {dockerExecutor} from '../../../plugins/docker/src/executor.js'
import {buildImage} from '../../../plugins/docker/src/image/build.js'
import type {DockerSpec} from '../../../plugins/docker/src/spec.js'
import {eventually, never} from '../../core/process/temporary.js'
import {pluginParts} from './plugin-parts.js'
import {withEngine} from './with-engine.js'

type Question = (docker: never) => Promise<unknown>

const dockerfile = `FROM busybox:local AS base
ARG WORD=none
RUN echo $WORD > /word
COPY said.txt /said
CMD ["sh", "-c", "cat /word /said"]
FROM base AS other
CMD ["echo", "the other stage"]
`

describe('plugins/docker, images that are built', function () {
  this.timeout(60_000)
  const engine = withEngine()

  function setUp() {
    const parts = pluginParts(engine().host)
    const write = (name: string, text: string): void => {
      writeFileSync(path.join(parts.folder, name), text)
    }
    write('Dockerfile', dockerfile)
    write('said.txt', 'hello\n')
    const executor = dockerExecutor(parts.shared())
    const progress: string[] = []
    const begin = (spec: DockerSpec, signal = never): Promise<WorkloadHandle> =>
      executor.start(parts.request('built/web', spec), {signal, progress: (line) => progress.push(line)})
    return {
      write,
      folder: parts.folder,
      progress,
      begin,
      /** What the container of this image says. */
      async run(spec: DockerSpec): Promise<string> {
        const handle = await begin(spec)
        await handle.wait()
        const {bytes} = (await handle.logs[0]?.read(0, 10_000)) ?? {bytes: new Uint8Array()}
        await handle.destroy()
        return Buffer.from(bytes).toString()
      },
      [Symbol.dispose]: () => {
        parts[Symbol.dispose]()
      },
    }
  }

  it('have their arguments, and tell how far they are', async () => {
    using scene = setUp()
    assert.equal(await scene.run({build: {context: '.', target: 'base', args: {WORD: 'given'}}}), 'given\nhello\n')
    assert.match(scene.progress.join('\n'), /^building harness\/built-web:latest\n.*Step 1\/\d+ : FROM busybox:local/)
    assert.match(await engine().docker('images', '--format', '{{.Repository}}'), /^harness\/built-web$/m)
  })

  it('end at the stage that is asked for, with the name that they are given', async () => {
    using scene = setUp()
    assert.equal(await scene.run({build: '.', image: 'mine:1'}), 'the other stage\n')
    assert.match(await engine().docker('images', '--format', '{{.Repository}}:{{.Tag}}'), /^mine:1$/m)
  })

  it('say which signal asks their programs to end', async () => {
    using scene = setUp()
    const program = `trap "exit 3" USR1; echo up; while :; do sleep 0.05; done`
    scene.write('Dockerfile', `FROM busybox:local\nSTOPSIGNAL SIGUSR1\nCMD ["sh", "-c", ${JSON.stringify(program)}]\n`)
    const handle = await scene.begin({build: '.'})
    await eventually(async () => ((await handle.logs[0]?.read(0, 100))?.bytes.length ?? 0) > 0)
    assert.deepEqual(await handle.stop({graceMs: 20_000}), {by: 'code', code: 3})
    await handle.destroy()
  })

  it('are built anew when a file has changed, and only then', async () => {
    using scene = setUp()
    const spec: DockerSpec = {build: {context: '.', target: 'base'}}
    const id = (): Promise<string> => engine().docker('images', '-q', 'harness/built-web:latest')
    assert.equal(await scene.run(spec), 'none\nhello\n')
    const first = await id()
    await scene.run(spec)
    assert.equal(await id(), first)
    scene.write('said.txt', 'goodbye\n')
    assert.equal(await scene.run(spec), 'none\ngoodbye\n')
    assert.notEqual(await id(), first)
  })

  it('are built where there is a pipe', async () => {
    using scene = setUp()
    execFileSync('mkfifo', [path.join(scene.folder, 'pipe')])
    assert.equal(await scene.run({build: {context: '.', target: 'base'}}), 'none\nhello\n')
  })

  it('say what of their folder cannot be read', async () => {
    using parts = pluginParts(engine().host)
    // So large that at most one of them is being read while nobody takes the archive.
    const files = ['gone-1', 'gone-2', 'gone-3'].map((name) => path.join(parts.folder, name))
    for (const file of files) writeFileSync(file, randomBytes(1_000_000))
    const reads = async (sent: Readable): Promise<void> => {
      for (const file of files) rmSync(file)
      await buffer(sent)
    }
    const reading = {...parts.shared().engine, ask: (question: Question) => question({buildImage: reads} as never)}
    const request = parts.request('built/web', {build: '.'})
    const context = {signal: never, progress: () => undefined}
    const building = {request, engine: reading as never, services: parts.shared().services, context}
    await assert.rejects(buildImage({context: '.'}, building), {
      code: 'SERVICE_START_FAILED',
      message: /could not be built from '.*': something in it cannot be read: ENOENT.*\/gone-\d'/,
    })
  })

  it('leave nothing when the start is taken back meanwhile', async () => {
    using scene = setUp()
    scene.write('Dockerfile', 'FROM busybox:local\nRUN sleep 600\n')
    const taken = new AbortController()
    const starting = scene.begin({build: '.', image: 'never:1'}, taken.signal)
    const refused = assert.rejects(starting, {message: 'enough'})
    await eventually(() => scene.progress.some((line) => line.includes('RUN sleep')))
    taken.abort(new Error('enough'))
    await refused
    await eventually(async () => (await engine().docker('ps', '-aq')) === '')
    assert.equal(await engine().docker('images', '-q', 'never:1'), '')
  })
})
