import assert from 'node:assert/strict'
import {fileURLToPath} from 'node:url'
import {describe, it} from 'mocha'
import {root} from '../support/harness.js'
import {canUnshare, runInPidNamespace} from '../support/namespaces.js'
import type {Reused} from './children/pid-reuse.js'
import {measured, size} from './support/sizes.js'

const rounds = size({quick: 2, full: 12})
const script = fileURLToPath(new URL('children/pid-reuse.ts', import.meta.url))

describe('numbers of dead programs and shims that strangers get', function () {
  this.timeout(60_000 + rounds * 30_000)

  it('bring no stranger a signal, and none is taken for a program (L4)', async function () {
    if (!canUnshare('-Urpf')) this.skip()
    const said = await runInPidNamespace(process.execPath, ['--import', 'tsx', script, String(rounds)], root)
    const reused = JSON.parse(said.split('\n').at(-2) ?? '') as Reused
    measured('numbers taken by strangers', `${reused.strangers} of ${reused.programs} programs and their shims`)
    assert.deepEqual([reused.signalled, reused.ended, reused.adopted], [[], [], []])
    assert.ok(reused.strangers > reused.programs, `${reused.strangers} numbers were taken`)
  })
})
