import {spawn, type ChildProcess} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {identify} from '../../../src/core/process/identity.js'
import {describeExecutor, type ExecutorFixture} from '../../../src/testing.js'
import {remoteAttachExecutor} from '../../../plugins/ssh/src/attach/executor.js'
import type {AttachSpec} from '../../../plugins/ssh/src/attach/spec.js'
import {remoteExecutor} from '../../../plugins/ssh/src/remote/executor.js'
import type {RemoteSpec} from '../../../plugins/ssh/src/remote/spec.js'
import {temporaryFolder} from '../../core/process/temporary.js'
import {localHost, type LocalHost} from './local-host.js'
import {recordIn, scriptFor, sharedFor} from './remote-parts.js'

/** Those of which a machine may have one as its `sh`. The agent itself runs in /bin/sh. */
describe('plugins/ssh over a shell of this machine', function () {
  this.timeout(60_000)

  function setup(): Promise<ExecutorFixture<RemoteSpec>> {
    const folder = temporaryFolder()
    const home = temporaryFolder()
    const hosts = openHosts()
    const make = () => remoteExecutor(sharedFor(folder.path, () => Promise.resolve(hosts.open(home.path))))
    return Promise.resolve({
      executor: make() as never,
      restarted: make as never,
      directory: folder.path,
      invalidSpec: {host: 'local', binary: 3},
      spec: (program) => ({host: 'local', binary: 'sh', args: ['-c', scriptFor(program)]}),
      copyingSpec: () => ({host: 'local', binary: 'cat', stdin: true}),
      runs: (handle) => recordIn(path.join(home.path, '.local/state/harness-remote'), handle).runs(),
      lose(handle) {
        recordIn(path.join(home.path, '.local/state/harness-remote'), handle).kill()
        return Promise.resolve()
      },
      async [Symbol.asyncDispose]() {
        await hosts.close()
        folder[Symbol.dispose]()
        home[Symbol.dispose]()
      },
    })
  }

  function attaching(): Promise<ExecutorFixture<AttachSpec>> {
    const folder = temporaryFolder()
    const home = temporaryFolder()
    const hosts = openHosts()
    const children: ChildProcess[] = []
    const make = () => remoteAttachExecutor(sharedFor(folder.path, () => Promise.resolve(hosts.open(home.path))))
    return Promise.resolve({
      executor: make() as never,
      restarted: make as never,
      directory: folder.path,
      invalidSpec: {host: 'local', pid: 1, process_name: 'two ways'},
      spec() {
        const child = spawn('sleep', ['600'], {stdio: 'ignore'})
        children.push(child)
        writeFileSync(path.join(home.path, 'pid'), `${child.pid ?? 0}\n`)
        return {host: 'local', pid_file: 'pid'}
      },
      runs: (handle) => identify(handle.place.pid ?? 0) !== undefined,
      lose(handle) {
        process.kill(handle.place.pid ?? 0, 'SIGKILL')
        return Promise.resolve()
      },
      async [Symbol.asyncDispose]() {
        for (const child of children) child.kill('SIGKILL')
        await hosts.close()
        folder[Symbol.dispose]()
        home[Symbol.dispose]()
      },
    })
  }

  describeExecutor('remote', 'managed', setup, {describe, it})
  describeExecutor('remote-attach', 'attached', attaching, {describe, it})
})

/** Those of all executors of a test, each as a daemon of its own has it. */
function openHosts() {
  const all: LocalHost[] = []
  return {
    open(home: string): LocalHost {
      const host = localHost(home)
      all.push(host)
      return host
    },
    async close() {
      for (const host of all) await host[Symbol.asyncDispose]()
    },
  }
}
