import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {describeServiceType} from '../../../../src/testing.js'
import {needsPostgres, register} from './with-postgres.js'

describe('plugins/graph postgres', function () {
  this.timeout(60_000)
  needsPostgres()
  describeServiceType(
    'postgres',
    () => ({
      register,
      configs: [
        {},
        {user: 'me', databases: ['a', 'b'], extensions: [], settings: {max_connections: 10}},
        {from: 'docker'},
      ],
      invalidConfigs: [
        {user: ''},
        {databases: 'a'},
        {from: 'there'},
        {settings: {port: 1}},
        {version: 'new'},
        {pasword: 'x'},
      ],
      service: {ports: {postgres: 0}, config: {databases: ['graph-node']}},
      actions: [
        {action: 'run-query', input: {query: 'create table t (a int); insert into t values (1), (2)'}},
        {action: 'backup', input: {path: 'saved.dump'}},
        {
          action: 'reset',
          input: {},
          check: (output) => {
            assert.deepEqual(output, {databases: ['graph-node']})
          },
        },
        {
          action: 'restore',
          input: {path: 'saved.dump'},
          check: (output) => {
            assert.equal((output as {readonly tables: number}).tables, 1)
          },
        },
        {action: 'create-database', input: {name: 'other'}},
      ],
    }),
    {describe, it},
  )
})
