import assert from 'node:assert/strict'
import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {inspectStack} from '../../../src/core/config/inspect-stack.js'
import {loadStack} from '../../../src/core/config/load-stack.js'
import {originsOf} from '../../../src/core/config/model/origins.js'
import {stackFileOf} from '../../../src/core/config/model/stack-file-of.js'
import {writeModel} from '../../../src/core/config/model/write-model.js'
import {temporaryFolder} from './load.js'

const root = path.join(import.meta.dirname, '../../..')
const good = path.join(root, 'test/fixtures/good')
const env = {INTERVAL: '3s'}

describe('the model of a stack', () => {
  const files = [
    ...readdirSync(good)
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => path.join(good, name)),
    path.join(root, 'examples/quickstart/harness.yaml'),
  ]

  for (const file of files) {
    it(`is a stack file that comes to the same: ${path.basename(file)}`, async () => {
      const options = {cwd: path.dirname(file), env}
      const {definition} = await loadStack({...options, files: [file]})
      const text = writeModel(stackFileOf(definition))
      const again = await loadStack({...options, files: ['-'], stdin: () => Promise.resolve(text)})
      assert.deepEqual(withoutFiles(again.definition), withoutFiles(definition), text)
    })
  }

  it('says where each value comes from', async () => {
    using folder = temporaryFolder({
      'harness.yaml': readFileSync(path.join(good, '../origins.yaml'), 'utf8'),
      'harness.override.yaml': 'services:\n  api: {env: {LEVEL: debug}}\n',
      'api.env': 'FROM_FILE=1\n',
    })
    const {definition, places} = await inspectStack({cwd: folder.path, env: {PORT: '81'}})
    assert.ok(definition)
    const text = writeModel(stackFileOf(definition), originsOf(places()))
    const lines = text.split('\n').map((line) => line.trim())
    for (const expected of [
      'name: shop # harness.yaml:1:7',
      'LEVEL: debug # harness.override.yaml:2:22',
      'STAGE: test # harness.yaml:3:14',
      'FROM_FILE: "1" # harness.yaml:13:15',
      'port: 81 # harness.yaml:11:19 ${PORT:-80}',
      'binary: node # harness.yaml:6:33',
      'policy: on-failure # harness.yaml:6:48',
      'delay: 1s # default',
      'startup_timeout: 9s # harness.yaml:2:29',
      'condition: ready # default',
      '- service: db # harness.yaml:12:20',
    ]) {
      assert.ok(lines.includes(expected), `${expected}\n\n${text}`)
    }
  })
})

/** Where a definition was read, what it was read with, and the folders of included files, are no part of the model. */
function withoutFiles(definition: object): unknown {
  return JSON.parse(
    JSON.stringify(definition, (key, value: unknown) =>
      ['directory', 'environment', 'file', 'variables'].includes(key) ? undefined : value,
    ),
  )
}
