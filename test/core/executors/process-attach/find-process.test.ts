import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {copyFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {findProcess} from '../../../../src/core/executors/process-attach/find-process.js'
import type {AttachSpec} from '../../../../src/core/executors/process-attach/spec.js'
import {createProcessHost} from '../../../../src/core/process/host.js'
import {findTool} from '../../../../src/core/process/platform.js'
import {temporaryFolder} from '../../process/temporary.js'

/** Programs under a name of their own, which is longer than the kernel keeps. */
function sleepers(count: number) {
  const folder = temporaryFolder()
  const program = path.join(folder.path, 'a-name-longer-than-fifteen')
  copyFileSync(findTool('sleep') ?? '', program)
  const children = Array.from({length: count}, () => spawn(program, ['600'], {stdio: 'ignore'}))
  const find = async (spec: AttachSpec) => {
    const found = await findProcess(spec, folder.path, createProcessHost())
    return 'identity' in found ? found.identity.pid : found.reason
  }
  return {
    folder: folder.path,
    pids: children.map(({pid}) => pid ?? 0),
    find,
    [Symbol.dispose]() {
      for (const child of children) child.kill('SIGKILL')
      folder[Symbol.dispose]()
    },
  }
}

describe('finding the process to attach to', () => {
  it('takes its number, a file with its number, or its name', async () => {
    using one = sleepers(1)
    writeFileSync(path.join(one.folder, 'good.pid'), ` ${one.pids[0]}\n`)
    for (const spec of [
      {pid: one.pids[0] ?? 0},
      {pid_file: 'good.pid'},
      {pid_file: path.join(one.folder, 'good.pid')},
      {process_name: 'a-name-longer-than-fifteen'},
    ]) {
      assert.equal(await one.find(spec), one.pids[0], JSON.stringify(spec))
    }
  })

  it('names them all when several have the name', async () => {
    using two = sleepers(2)
    const answer = String(await two.find({process_name: 'a-name-longer-than-fifteen'}))
    assert.match(answer, /^2 processes are called 'a-name-longer-than-fifteen', expected one: /)
    for (const pid of two.pids) assert.match(answer, new RegExp(`\\b${pid}\\b`))
  })

  it('says what is wrong when there is none', async () => {
    using none = sleepers(0)
    writeFileSync(path.join(none.folder, 'bad.pid'), 'soon\n')
    writeFileSync(path.join(none.folder, 'old.pid'), '1073741824\n')
    assert.equal(await none.find({pid: 2 ** 30}), 'process 1073741824 does not run')
    assert.equal(await none.find({process_name: 'no-such-name'}), "no process is called 'no-such-name'")
    assert.match(String(await none.find({pid_file: 'gone.pid'})), /gone.pid' does not exist$/)
    assert.match(String(await none.find({pid_file: 'bad.pid'})), /holds no process number, expected digits$/)
    assert.match(String(await none.find({pid_file: 'old.pid'})), /^process 1073741824 of the pid file .* does not run$/)
  })
})
