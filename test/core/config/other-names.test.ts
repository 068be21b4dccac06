import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {keyNames} from '../../../src/core/config/keys/names.js'
import {suggestKey, typeWith} from '../../../src/core/config/other-names.js'

const ofProcess = ['binary', 'args', 'working_dir', ...keyNames.service]

describe('a key of another tool', () => {
  it('is told what it is called here', () => {
    for (const [key, meant] of [
      ['depends_on', 'dependencies'],
      ['environment', 'env'],
      ['env_files', 'env_file'],
      ['cwd', 'working_dir'],
      ['working_directory', 'working_dir'],
      ['stop_grace_period', 'shutdown_timeout'],
      ['scale', 'replicas'],
      ['bin', 'binary'],
    ] as const) {
      assert.equal(suggestKey(key, ofProcess), `did you mean '${meant}'?`)
    }
    assert.equal(suggestKey('exclude', keyNames.watch), "did you mean 'ignore'?")
    assert.equal(suggestKey('test', keyNames.healthCheck), "did you mean 'command'?")
  })

  it('is told what to write where no key takes its place', () => {
    for (const key of ['cmd', 'command']) assert.match(suggestKey(key, ofProcess) ?? '', /'binary: PROGRAM'.*'args:/)
    assert.match(suggestKey('volumes', ofProcess) ?? '', /^leave it out: a process sees/)
    assert.match(suggestKey('image', ofProcess) ?? '', /type: docker/)
  })

  it('is suggested only where its counterpart is a key', () => {
    assert.equal(suggestKey('cwd', keyNames.logs), undefined)
    assert.equal(suggestKey('volumes', keyNames.logs), undefined)
    assert.equal(suggestKey('constructor', ofProcess), undefined)
  })
})

describe('a type that was left out', () => {
  it('is known by its keys', () => {
    assert.equal(typeWith(['image', 'ports']), 'docker')
    assert.equal(typeWith(['binary', 'host']), 'remote')
    assert.equal(typeWith(['args', 'working_dir']), 'process')
    assert.equal(typeWith(['env']), undefined)
  })
})
