import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {dockerSpecSchema} from '../../../../plugins/docker/src/spec.js'
import type {PostgresConfig} from '../../../../plugins/graph/src/postgres/config.js'
import {environmentOf, targetOf} from '../../../../plugins/graph/src/postgres/target.js'
import {resolvedConfig} from '../../../../plugins/graph/src/postgres/resolved-config.js'
import {serverArguments} from '../../../../plugins/graph/src/postgres/launch/server-arguments.js'
import {readOptions} from '../../../../plugins/graph/src/postgres/launch/options.js'
import {assertFits} from '../../../../src/testing/check-schema.js'

const target = (config: PostgresConfig) => targetOf(resolvedConfig(config), 'db')

describe('plugins/graph postgres target', () => {
  it('is a container where the config says so, in the form that docker takes', () => {
    const cases: readonly (readonly [PostgresConfig, object])[] = [
      [{from: 'docker'}, {image: 'postgres:17-alpine'}],
      [{from: 'docker', version: 16}, {image: 'postgres:16-alpine'}],
      [{image: 'postgis/postgis'}, {image: 'postgis/postgis'}],
      [
        {from: 'docker', data: 'pg', settings: {max_connections: 1000}},
        {
          image: 'postgres:17-alpine',
          command: ['postgres', '-c', 'max_connections=1000'],
          volumes: ['./pg:/harness/data'],
        },
      ],
    ]
    for (const [config, spec] of cases) {
      const found = target(config)
      assert.deepEqual(found, {type: 'docker', spec})
      assertFits(dockerSpecSchema, found.spec, 'the spec')
    }
  })

  it('gives the image what it reads, and no command line the password', () => {
    assert.deepEqual(environmentOf(resolvedConfig({user: 'me', password: 'secret'})), {
      POSTGRES_USER: 'me',
      POSTGRES_PASSWORD: 'secret',
      POSTGRES_DB: 'postgres',
      POSTGRES_INITDB_ARGS: '--encoding=UTF8 --locale=C',
    })
    for (const from of ['docker', 'local'] as const)
      assert.ok(!JSON.stringify(target({from, password: 'secret'})).includes('secret'))
  })

  it('is the launch script elsewhere, told by flags that it reads back', () => {
    const {type, spec} = target({from: 'local', version: 15, data: 'pg', settings: {work_mem: '8MB', fsync: true}})
    assert.equal(type, 'process')
    const [, ...args] = spec['args'] as readonly string[]
    const options = readOptions(args, {POSTGRES_PASSWORD: 'p'})
    assert.deepEqual(options, {
      port: '${db.ports.postgres}',
      user: 'graph-node',
      password: 'p',
      from: 'local',
      data: 'pg',
      version: '15',
      binary: undefined,
      settings: ['work_mem=8MB', 'fsync=true'],
    })
    assert.deepEqual(serverArguments(options, '/data').slice(-4), ['-c', 'work_mem=8MB', '-c', 'fsync=true'])
  })
})
