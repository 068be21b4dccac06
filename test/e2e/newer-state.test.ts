import assert from 'node:assert/strict'
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {encodeLine} from '../../src/core/store/line.js'
import {Sandbox} from '../support/harness.js'

describe('the state of a newer harness', function () {
  this.timeout(30_000)

  it('is refused by each command that needs it, with what to do, and not a byte of it is touched (P8)', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`services: {one: {type: process, binary: sleep, args: ['1000']}}\n`)
    const store = path.join(sandbox.state, 'store')
    await mkdir(store, {recursive: true, mode: 0o700})
    const header = encodeLine(JSON.stringify({file: 'journal', schema: 99}))
    const journal = Buffer.concat([header, encodeLine(JSON.stringify({what: 'only that one knows'}))])
    await writeFile(path.join(store, 'journal'), journal, {mode: 0o600})
    for (const command of [['start'], ['status'], ['daemon', 'start']]) {
      const {code, stderr} = await sandbox.run(...command)
      assert.notEqual(code, 0, command.join(' '))
      assert.match(stderr, /written by a newer harness/)
      assert.match(stderr, /Upgrade harness/)
    }
    assert.deepEqual(await readdir(store), ['journal'])
    assert.deepEqual(await readFile(path.join(store, 'journal')), journal)
  })
})
