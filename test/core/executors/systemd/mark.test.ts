import assert from 'node:assert/strict'
import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {readMark, writeMark} from '../../../../src/core/executors/systemd/unit/mark.js'
import {temporaryFolder} from '../../process/temporary.js'

describe('the mark of a unit', () => {
  const mark = {...{boot: 'b', manager: 'm', before: '', from: 0}, began: false, takenOver: false, cwd: '/', env: {}}

  it('is the last one that was written', async () => {
    using folder = temporaryFolder()
    const run = path.join(folder.path, 'run')
    assert.equal(readMark(run), undefined)
    await writeMark(run, mark)
    await writeMark(run, {...mark, began: true})
    assert.deepEqual(readMark(run), {...mark, began: true})
  })

  it('is not missing where it only cannot be read', async () => {
    using folder = temporaryFolder()
    await writeMark(folder.path, mark)
    const file = path.join(folder.path, 'unit')
    writeFileSync(file, '{"boot"')
    assert.equal(readMark(folder.path), undefined)
    rmSync(file)
    mkdirSync(file)
    assert.throws(() => readMark(folder.path), {code: 'EISDIR'})
  })
})
