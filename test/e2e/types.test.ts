import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {describe, it} from 'mocha'
import type {InstalledType} from '../../src/core/contract/catalogue.js'
import {Sandbox} from '../support/harness.js'

describe('harness types', function () {
  this.timeout(60_000)

  it('shows what is installed and what one type takes, without a daemon', async () => {
    await using sandbox = await Sandbox.make()
    const all = await sandbox.run('types')
    assert.equal(all.code, 0, all.stderr)
    assert.match(all.stdout, /^process +executor +@service-harness\/cli/m)
    assert.match(all.stdout, /^command +task type +@service-harness\/cli \S+ +Runs a program/m)
    const one = await sandbox.run('types', 'process')
    assert.match(one.stdout, /^ +binary +string/m)
    const {types} = await sandbox.json<{types: readonly InstalledType[]}>('types', 'process')
    assert.deepEqual(
      types.map(({sort, name, plugin}) => [sort, name, plugin.kind]),
      [['executor', 'process', 'core']],
    )
    assert.ok('properties' in (types[0]?.schemas['spec'] ?? {}))
    const unknown = await sandbox.run('types', 'proces')
    assert.equal(unknown.code, 2)
    assert.match(unknown.stderr, /No type is called 'proces'[^]*Did you mean 'process'/)
    assert.equal(existsSync(`${sandbox.state}/daemon.json`), false)
  })
})
