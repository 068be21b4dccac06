import {describe, it} from 'mocha'
import {systemClock} from '../../../src/core/base/clock.js'
import type {Json} from '../../../src/core/base/json.js'
import {silentLog} from '../../../src/core/base/log.js'
import type {Executor} from '../../../src/core/contract/executor.js'
import {createPluginServices} from '../../../src/core/plugin/plugin-services.js'
import {lentServices} from '../../../src/core/process/lent.js'
import {describeExecutor, type ExecutorFixture, type Program} from '../../../src/testing.js'
import {dockerAttachExecutor} from '../../../plugins/docker/src/attach/executor.js'
import {openEngine} from '../../../plugins/docker/src/engine/engine.js'
import {dockerExecutor} from '../../../plugins/docker/src/executor.js'
import {share, type Shared} from '../../../plugins/docker/src/shared.js'
import {temporaryFolder} from '../../core/process/temporary.js'
import {withEngine} from './with-engine.js'

const image = 'busybox:local'

function scriptFor(program: Program): string {
  switch (program.does) {
    case 'run':
      return 'trap "exit 0" TERM; while :; do sleep 0.1; done'
    case 'resist':
      return `trap '' TERM; echo resisting; while :; do sleep 600; done`
    case 'exit':
      return `exit ${program.code}`
    case 'die':
      // Process 1 of a container cannot kill itself.
      return `sh -c 'kill -${program.signal.slice(3)} $$'; exit $?`
    case 'print':
      return `i=1; while [ $i -lt ${program.count} ]; do echo "line $i"; i=$((i+1)); done; printf 'line ${program.count}'`
  }
}

describe('plugins/docker', function () {
  this.timeout(60_000)
  const engine = withEngine()

  function fixtureOf<Spec, State extends Json>(
    make: (shared: Shared) => Executor<Spec, State>,
    own: Pick<ExecutorFixture<Spec>, 'copyingSpec' | 'invalidSpec' | 'spec'>,
  ): Promise<ExecutorFixture<Spec>> {
    const folder = temporaryFolder()
    const services = createPluginServices({
      name: 'docker',
      stateDirectory: folder.path,
      log: silentLog,
      lent: lentServices(systemClock),
    })
    const anew = () =>
      make(share(services, openEngine(services, {...process.env, DOCKER_HOST: engine().host}))) as Executor<Spec>
    return Promise.resolve({
      executor: anew(),
      restarted: anew,
      directory: folder.path,
      ...own,
      async runs(handle) {
        const {container = ''} = handle.place
        return (await engine().docker('ps', '--format', '{{.Names}}')).split('\n').includes(container)
      },
      [Symbol.asyncDispose]() {
        folder[Symbol.dispose]()
        return Promise.resolve()
      },
    })
  }

  const managed = () =>
    fixtureOf(dockerExecutor, {
      invalidSpec: {image: 3},
      spec: (program) => ({image, command: ['sh', '-c', scriptFor(program)]}),
      copyingSpec: () => ({image, command: ['cat'], stdin: true}),
    })
  const attached = () =>
    fixtureOf(dockerAttachExecutor, {
      invalidSpec: {container: 'one', label: 'two'},
      spec: async (program) => ({container: await engine().docker('run', '-d', image, 'sh', '-c', scriptFor(program))}),
    })

  describeExecutor('docker', 'managed', managed, {describe, it})
  describeExecutor('docker-attach', 'attached', attached, {describe, it})
})
