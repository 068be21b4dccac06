import {spawn, type ChildProcess} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {Json} from '../../../src/core/base/json.js'
import type {Executor} from '../../../src/core/contract/executor.js'
import {identify} from '../../../src/core/process/identity.js'
import {describeExecutor, type ExecutorFixture} from '../../../src/testing.js'
import {remoteAttachExecutor} from '../../../plugins/ssh/src/attach/executor.js'
import {remoteExecutor} from '../../../plugins/ssh/src/remote/executor.js'
import type {Shared} from '../../../plugins/ssh/src/shared.js'
import {recordIn, scriptFor, sharedFor} from './remote-parts.js'
import {sshParts} from './ssh-parts.js'
import {withMachine} from './with-machine.js'

describe('plugins/ssh', function () {
  this.timeout(60_000)
  const machine = withMachine()

  function fixtureOf<Spec, State extends Json>(
    make: (shared: Shared) => Executor<Spec, State>,
    own: (folder: string) => Pick<ExecutorFixture<Spec>, 'copyingSpec' | 'invalidSpec' | 'lose' | 'runs' | 'spec'>,
    end: () => void = () => undefined,
  ): Promise<ExecutorFixture<Spec>> {
    const parts = sshParts(machine().config, {idleMs: 10_000})
    const anew = () => make(sharedFor(parts.folder, (fields) => parts.pool.hold(fields))) as Executor<Spec>
    return Promise.resolve({
      executor: anew(),
      restarted: anew,
      directory: parts.folder,
      ...own(parts.folder),
      async [Symbol.asyncDispose]() {
        end()
        await parts[Symbol.asyncDispose]()
      },
    })
  }

  const managed = () =>
    fixtureOf(remoteExecutor, () => ({
      invalidSpec: {host: 'box', binary: 3},
      spec: (program) => ({host: 'box', binary: 'sh', args: ['-c', scriptFor(program)]}),
      copyingSpec: () => ({host: 'box', binary: 'cat', stdin: true}),
      runs: (handle) => recordIn(machine().base, handle).runs(),
      lose(handle) {
        recordIn(machine().base, handle).kill()
        return Promise.resolve()
      },
    }))

  const attached = () => {
    const children: ChildProcess[] = []
    const end = (): void => {
      for (const child of children) child.kill('SIGKILL')
    }
    return fixtureOf(
      remoteAttachExecutor,
      (folder) => ({
        invalidSpec: {host: 'box', pid: 1, process_name: 'two ways'},
        spec() {
          const child = spawn('sleep', ['600'], {stdio: 'ignore'})
          children.push(child)
          writeFileSync(path.join(folder, 'pid'), `${child.pid ?? 0}\n`)
          return {host: 'box', pid_file: path.join(folder, 'pid')}
        },
        runs: (handle) => identify(handle.place.pid ?? 0) !== undefined,
        lose(handle) {
          process.kill(handle.place.pid ?? 0, 'SIGKILL')
          return Promise.resolve()
        },
      }),
      end,
    )
  }

  describeExecutor('remote', 'managed', managed, {describe, it})
  describeExecutor('remote-attach', 'attached', attached, {describe, it})
})
