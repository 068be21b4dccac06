import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import register from '../../../../plugins/graph/src/register.js'
import {describeServiceType} from '../../../../src/testing.js'

const helloWorld = 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o'

describeServiceType(
  'ipfs',
  () => ({
    register,
    configs: [{}, {from: 'docker', image: 'kubo:mine', online: true}, {binary: './ipfs', data: 'ipfs'}],
    invalidConfigs: [{from: 'js-ipfs'}, {image: ''}, {online: 'yes'}, {path: 'data'}],
    service: {config: {from: 'builtin'}, ports: {api: 0}},
    actions: [
      {
        action: 'add',
        input: {content: 'hello world\n'},
        check: (output) => {
          assert.deepEqual(output, {hash: helloWorld, size: 20})
        },
      },
      {
        action: 'cat',
        input: {hash: helloWorld},
        check: (output) => {
          assert.deepEqual(output, {content: 'hello world\n', encoding: 'utf8', size: 12})
        },
      },
      {
        action: 'list-pins',
        input: {},
        check: (output) => {
          assert.deepEqual(output, {pins: [{hash: helloWorld, type: 'recursive'}]})
        },
      },
      {action: 'unpin', input: {hash: helloWorld}},
      {action: 'pin', input: {hash: helloWorld}},
      {
        action: 'version',
        input: {},
        check: (output) => {
          assert.deepEqual(output, {implementation: 'built-in', version: '0.1.0', agent: 'harness-ipfs/0.1.0'})
        },
      },
    ],
  }),
  {describe, it},
)
