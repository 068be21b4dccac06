import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {loadStack} from '../../../src/core/config/load-stack.js'
import type {ServiceDefinition} from '../../../src/core/contract/stack.js'
import {temporaryFolder} from './load.js'

const base = `
name: shop
services:
  api:
    type: process
    binary: node
    args: [server.mjs, --quiet]
    env: {MODE: production, LEVEL: info, RETRIES: 3, URL: 'http://x/?a=b'}
    ports: [8080]
    profiles: [web]
    dependencies: [{service: db, required: true}]
    restart: always
    inherit_env: true
    replicas: 1
    min_uptime: 5s
    config: {flag: true, list: [1, 2], nested: {a: 1, b: 2}}
  db: {type: process, binary: node}
`

/** The service \`api\` with these lines of an override file laid over it. */
async function overridden(lines: string): Promise<ServiceDefinition> {
  const over = `services:\n  api:\n${lines.replaceAll(/^/gm, '    ')}\n`
  using folder = temporaryFolder({'harness.yaml': base, 'harness.override.yaml': over})
  const {definition, warnings} = await loadStack({cwd: folder.path, env: {}})
  assert.deepEqual(warnings, [])
  const {api} = definition.services
  if (!api) throw new Error('The service is missing.')
  return api
}

describe('an override file', () => {
  it('can set false', async () => {
    assert.equal((await overridden('inherit_env: false')).inheritEnv, false)
    assert.deepEqual((await overridden('config: {flag: false}')).config, {
      flag: false,
      list: [1, 2],
      nested: {a: 1, b: 2},
    })
    assert.equal((await overridden('dependencies: [{service: db, required: false}]')).dependencies[0]?.required, false)
  })

  it('can set 0', async () => {
    assert.equal((await overridden('min_uptime: 0')).minUptimeMs, 0)
    assert.equal((await overridden('replicas: 0')).replicas, 0)
    assert.deepEqual((await overridden('env: {RETRIES: 0}')).env['RETRIES'], '0')
  })

  it('can set "no", which is a text', async () => {
    assert.equal((await overridden('restart: "no"')).restart?.policy, 'no')
    assert.equal((await overridden('restart: no')).restart?.policy, 'no')
    assert.equal((await overridden('env: {MODE: "no"}')).env['MODE'], 'no')
  })

  it('can set an empty text', async () => {
    assert.equal((await overridden('env: {MODE: ""}')).env['MODE'], '')
  })

  it('can set an empty list, also where lists append', async () => {
    assert.deepEqual((await overridden('args: []')).target?.spec['args'], [])
    assert.deepEqual((await overridden('ports: []')).ports, [])
    assert.deepEqual((await overridden('dependencies: []')).dependencies, [])
    assert.deepEqual((await overridden('config: {list: []}')).config, {flag: true, list: [], nested: {a: 1, b: 2}})
  })

  it('can set null, which takes away', async () => {
    assert.deepEqual((await overridden('env: {MODE: null, LEVEL: ~, RETRIES: }')).env, {URL: 'http://x/?a=b'})
    const api = await overridden('ports: null\nrestart: null\ndependencies: ~\nprofiles:')
    assert.deepEqual([api.ports, api.restart, api.dependencies, api.profiles], [[], undefined, [], undefined])
  })

  it('keeps values with = whole', async () => {
    const {env} = await overridden('env: {OPTS: "--a=b --c==d", EMPTY: "="}')
    assert.deepEqual([env['URL'], env['OPTS'], env['EMPTY']], ['http://x/?a=b', '--a=b --c==d', '='])
  })

  it('merges maps, appends lists, and replaces what is a command line', async () => {
    const api = await overridden('env: {MODE: test}\nports: [9090]\nargs: [other.mjs]\nprofiles: [debug]')
    assert.deepEqual(api.env, {MODE: 'test', LEVEL: 'info', RETRIES: '3', URL: 'http://x/?a=b'})
    assert.deepEqual(
      api.ports.map(({port}) => port),
      [8080, 9090],
    )
    assert.deepEqual(api.target?.spec['args'], ['other.mjs'])
    assert.deepEqual(api.profiles, ['web', 'debug'])
  })

  it('replaces with !override what would be merged', async () => {
    const api = await overridden('env: !override {ONLY: 1}\nports: !override [1]\nconfig:\n  nested: !override {c: 3}')
    assert.deepEqual(api.env, {ONLY: '1'})
    assert.deepEqual(
      api.ports.map(({port}) => port),
      [1],
    )
    assert.deepEqual(api.config, {flag: true, list: [1, 2], nested: {c: 3}})
  })

  it('reads a value behind !override as it would without', async () => {
    const api = await overridden(
      'config: !override {a: !override 5, b: !override true, c: !override text, d: !override null}',
    )
    assert.deepEqual(api.config, {a: 5, b: true, c: 'text', d: null})
  })

  it('takes away with !reset, whatever stands behind it', async () => {
    const api = await overridden(
      'env:\n  MODE: !reset\n  LEVEL: !reset null\n  RETRIES: !reset 4\nports: !reset []\nrestart: !reset always\nconfig:\n  nested: !reset {}',
    )
    assert.deepEqual(api.env, {URL: 'http://x/?a=b'})
    assert.deepEqual([api.ports, api.restart, api.config], [[], undefined, {flag: true, list: [1, 2]}])
  })

  it('can take a whole service away', async () => {
    using folder = temporaryFolder({
      'harness.yaml': base,
      'harness.override.yaml': 'services: {api: !reset {}}',
    })
    const {definition} = await loadStack({cwd: folder.path, env: {}})
    assert.deepEqual(Object.keys(definition.services), ['db'])
  })

  it('gives what a later one has taken away back', async () => {
    using folder = temporaryFolder({
      'a.yaml': base,
      'b.yaml': 'services: {api: {env: !reset {}}}',
      'c.yaml': 'services: {api: {env: {AGAIN: 1}}}',
    })
    const {definition} = await loadStack({cwd: folder.path, env: {}, files: ['a.yaml', 'b.yaml', 'c.yaml']})
    assert.deepEqual(definition.services['api']?.env, {AGAIN: '1'})
  })
})
