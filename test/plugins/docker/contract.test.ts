import {describe, it} from 'mocha'
import type {Json} from '../../../src/core/base/json.js'
import type {Executor} from '../../../src/core/contract/executor.js'
import {describeExecutor, type ExecutorFixture, type Program} from '../../../src/testing.js'
import {dockerAttachExecutor} from '../../../plugins/docker/src/attach/executor.js'
import {dockerExecutor} from '../../../plugins/docker/src/executor.js'
import type {Shared} from '../../../plugins/docker/src/shared.js'
import {pluginParts} from './plugin-parts.js'
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
    const parts = pluginParts(engine().host)
    const anew = () => make(parts.shared()) as Executor<Spec>
    return Promise.resolve({
      executor: anew(),
      restarted: anew,
      directory: parts.folder,
      ...own,
      async runs(handle) {
        const {container = ''} = handle.place
        return (await engine().docker('ps', '--format', '{{.Names}}')).split('\n').includes(container)
      },
      [Symbol.asyncDispose]() {
        parts[Symbol.dispose]()
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
