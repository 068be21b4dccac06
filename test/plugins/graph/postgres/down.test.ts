import assert from 'node:assert/strict'
import {mkdtemp, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {after, before, describe, it} from 'mocha'
import {actions} from '../../../../plugins/graph/src/postgres/actions/table.js'
import {testServices} from '../../../../src/testing.js'
import {freePort} from '../../../support/free-port.js'
import {contextAt} from './context-at.js'

describe('plugins/graph postgres that is not there', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'harness-down-'))
    await writeFile(path.join(folder, 'a.dump'), '')
  })
  after(() => rm(folder, {recursive: true, force: true}))

  const inputs = {
    backup: {path: 'b.dump'},
    'create-database': {name: 'a'},
    reset: {},
    restore: {path: 'a.dump'},
    'run-query': {query: 'select 1'},
  } as const

  for (const [name, input] of Object.entries(inputs))
    it(`${name} says where it has looked, and leaves nothing`, async () => {
      const action = actions(testServices(folder))[name as keyof typeof inputs]
      const port = await freePort()
      const context = contextAt(port, {directory: folder})
      await assert.rejects((action.run as (given: object, around: object) => Promise<unknown>)(input, context), {
        code: 'ACTION_FAILED',
        message: new RegExp(`PostgreSQL cannot be reached at 127\\.0\\.0\\.1:${port}: .*ECONNREFUSED`),
      })
      assert.deepEqual(
        (await readdir(folder)).filter((each) => each.includes('b.dump')),
        [],
      )
    })
})
