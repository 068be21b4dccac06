import assert from 'node:assert/strict'
import {readFile, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {StackStatus} from '../../src/core/contract/status.js'
import {statePaths} from '../../src/core/base/state-directory.js'
import {isAlive, Sandbox, until} from '../support/harness.js'

const pidsOf = ({services}: StackStatus): readonly (number | null)[] => services.map(({pid}) => pid)

const damages: Readonly<Record<string, (sandbox: Sandbox) => Promise<void>>> = {
  'a journal with one bad byte': async (sandbox) => {
    const journal = path.join(statePaths(sandbox.state).store, 'journal')
    const bytes = await readFile(journal)
    bytes[bytes.indexOf('\n') + 5] = 0x21
    await writeFile(journal, bytes)
  },
  'no journal at all': (sandbox) => rm(statePaths(sandbox.state).store, {recursive: true}),
}

describe('what runs when the daemon was killed, and its journal lost', function () {
  this.timeout(60_000)

  for (const [what, damage] of Object.entries(damages)) {
    it(`is seen, kept and stopped: ${what}`, async () => {
      await using sandbox = await Sandbox.make()
      await sandbox.write(`
services:
  one: {type: process, binary: sleep, args: ['1000']}
  two: {type: process, binary: sleep, args: ['1000'], dependencies: [one]}
`)
      assert.equal((await sandbox.run('start')).code, 0)
      const before = pidsOf(await sandbox.json<StackStatus>('status'))
      await sandbox.killDaemon()
      await damage(sandbox)

      const status = await sandbox.json<StackStatus>('status')
      assert.deepEqual(pidsOf(status), before)
      await until(
        async () => (await sandbox.json<StackStatus>('status')).services.every(({state}) => state === 'Running'),
        'both run',
      )
      const again = await sandbox.run('start')
      assert.equal(again.code, 0, again.stderr)
      assert.deepEqual(pidsOf(await sandbox.json<StackStatus>('status')), before)
      assert.equal((await sandbox.run('debug', 'census')).code, 0)
      assert.equal((await sandbox.run('stop')).code, 0)
      for (const pid of before) assert.equal(await isAlive(pid ?? 0), false)
    })
  }
})
