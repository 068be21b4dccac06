import assert from 'node:assert/strict'
import {randomUUID} from 'node:crypto'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {systemClock} from '../../../src/core/base/clock.js'
import {silentLog} from '../../../src/core/base/log.js'
import type {StartRequest} from '../../../src/core/contract/executor.js'
import type {WorkloadHandle} from '../../../src/core/contract/workload.js'
import {createPluginServices} from '../../../src/core/plugin/plugin-services.js'
import {lentServices} from '../../../src/core/process/lent.js'
import {openEngine} from '../../../plugins/docker/src/engine/engine.js'
import {dockerExecutor} from '../../../plugins/docker/src/executor.js'
import {share} from '../../../plugins/docker/src/shared.js'
import type {DockerSpec} from '../../../plugins/docker/src/spec.js'
import {eventually, never, temporaryFolder} from '../../core/process/temporary.js'
import {withEngine} from './with-engine.js'

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
    const folder = temporaryFolder()
    const write = (name: string, text: string): void => {
      writeFileSync(path.join(folder.path, name), text)
    }
    write('Dockerfile', dockerfile)
    write('said.txt', 'hello\n')
    const services = createPluginServices({
      name: 'docker',
      stateDirectory: folder.path,
      log: silentLog,
      lent: lentServices(systemClock),
    })
    const executor = dockerExecutor(share(services, openEngine(services, {...process.env, DOCKER_HOST: engine().host})))
    const progress: string[] = []
    const begin = (spec: DockerSpec, signal = never): Promise<WorkloadHandle> => {
      const request: StartRequest<DockerSpec> = {
        ...{id: 'built/web/1', stack: 'built', service: 'web', attempt: 1, instance: randomUUID()},
        ...{directory: folder.path, runDirectory: path.join(folder.path, randomUUID())},
        ...{env: {}, inheritedEnv: {}, endpoints: [], logs: {capture: 'file', merge: false}, graceMs: 0},
        spec,
      }
      return executor.start(request, {signal, progress: (line) => progress.push(line)})
    }
    return {
      write,
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
        folder[Symbol.dispose]()
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

  it('leave nothing when the start is taken back meanwhile', async () => {
    using scene = setUp()
    scene.write('Dockerfile', 'FROM busybox:local\nRUN sleep 600\n')
    const taken = new AbortController()
    const starting = scene.begin({build: '.', image: 'never:1'}, taken.signal)
    const refused = assert.rejects(starting, /enough/)
    await eventually(() => scene.progress.some((line) => line.includes('RUN sleep')))
    taken.abort(new Error('enough'))
    await refused
    await eventually(async () => (await engine().docker('ps', '-aq')) === '')
    assert.equal(await engine().docker('images', '-q', 'never:1'), '')
  })
})
