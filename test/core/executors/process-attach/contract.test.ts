import {spawn, type ChildProcess} from 'node:child_process'
import {describe, it} from 'mocha'
import {processAttachExecutor} from '../../../../src/core/executors/process-attach/executor.js'
import type {AttachSpec} from '../../../../src/core/executors/process-attach/spec.js'
import {identify} from '../../../../src/core/process/identity.js'
import {describeExecutor, type ExecutorFixture} from '../../../../src/testing.js'
import {temporaryFolder} from '../../process/temporary.js'

function setup(): Promise<ExecutorFixture<AttachSpec>> {
  const folder = temporaryFolder()
  const children: ChildProcess[] = []
  const make = () => processAttachExecutor({} as never)
  return Promise.resolve({
    executor: make(),
    restarted: make,
    directory: folder.path,
    invalidSpec: {pid: 1, process_name: 'two ways'},
    spec() {
      const child = spawn('sleep', ['600'], {stdio: 'ignore'})
      children.push(child)
      return {pid: child.pid ?? 0}
    },
    runs: (handle) => identify(handle.place.pid ?? 0) !== undefined,
    lose(handle) {
      process.kill(handle.place.pid ?? 0, 'SIGKILL')
      return Promise.resolve()
    },
    [Symbol.asyncDispose]() {
      for (const child of children) child.kill('SIGKILL')
      folder[Symbol.dispose]()
      return Promise.resolve()
    },
  })
}

describeExecutor('process-attach', 'attached', setup, {describe, it})
