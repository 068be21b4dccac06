import assert from 'node:assert/strict'
import {mkdirSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {findStackFile, stackFileOf} from '../../../src/core/config/find-stack-file.js'
import {loadStack} from '../../../src/core/config/load-stack.js'
import {loadService, loadText, problemsOf, temporaryFolder} from './load.js'

const stacks = path.join(import.meta.dirname, '../../fixtures/stacks')

describe('the stack file', () => {
  it('is found in a folder above, by the first of its names', async () => {
    using folder = temporaryFolder({'services.yml': '', 'harness.yml': ''})
    const deep = path.join(folder.path, 'a/b')
    mkdirSync(deep, {recursive: true})
    assert.equal(await findStackFile(deep), path.join(folder.path, 'harness.yml'))
    assert.equal(await stackFileOf({cwd: deep}), path.join(folder.path, 'harness.yml'))
    assert.equal(await stackFileOf({cwd: deep, files: ['x.yaml']}), path.join(deep, 'x.yaml'))
  })

  it('that is not there is CONFIG_NOT_FOUND', async () => {
    using folder = temporaryFolder({})
    await assert.rejects(loadStack({cwd: folder.path, files: ['gone.yaml'], env: {}}), {code: 'CONFIG_NOT_FOUND'})
    await assert.rejects(loadStack({cwd: folder.path, files: ['.'], env: {}}), /it is a folder/)
    await assert.rejects(loadStack({cwd: '/', env: {}}), /harness\.yaml/)
  })

  it('may come by standard input', async () => {
    const {definition} = await loadText('services: {api: {type: process, binary: node}}')
    assert.equal(definition.name, 'shop')
    assert.equal(definition.file, '/srv/shop/-')
    assert.equal(definition.directory, '/srv/shop')
  })

  it('gives a definition that nobody can change', async () => {
    const {definition} = await loadText('services: {api: {type: process, binary: node, args: [a]}}')
    assert.ok(Object.isFrozen(definition.services['api']?.target?.spec['args']))
  })

  it('of more than 1 MiB is refused', async () => {
    assert.match((await problemsOf(`# ${'x'.repeat(1024 * 1024)}`))[0]?.message ?? '', /larger than 1 MiB/)
  })

  it('that is nested without end is refused without exhausting the stack', async () => {
    for (const text of ['['.repeat(500_000), '- '.repeat(200_000), '{a: '.repeat(100_000)]) {
      assert.match((await problemsOf(text))[0]?.message ?? '', /nested deeper/)
    }
  })

  it('is one document', async () => {
    assert.match((await problemsOf('name: a\n---\nname: b\n'))[0]?.message ?? '', /one YAML document/)
  })

  it('is YAML 1.2, whatever it says itself', async () => {
    const {env} = await loadService('env: {A: no, B: on, C: 08, D: 1.50, E: 0o17, F: true, G: 12345678901234567890}')
    assert.deepEqual(env, {A: 'no', B: 'on', C: '08', D: '1.50', E: '0o17', F: 'true', G: '12345678901234567890'})
    const old = await loadText('%YAML 1.1\n---\nservices: {api: {type: process, binary: no, mode: 08}}')
    assert.deepEqual(old.definition.services['api']?.target?.spec, {binary: 'no', mode: '08'})
  })

  it('has no place for __proto__, and keys like constructor are only keys', async () => {
    assert.deepEqual(
      (await problemsOf('services: {api: {type: process, binary: node, env: {__proto__: a}}}')).map(({code}) => code),
      ['CONFIG_INVALID_NAME'],
    )
    const {definition} = await loadText('services: {constructor: {type: process, toString: 1}}')
    assert.deepEqual(definition.services['constructor']?.target, {type: 'process', spec: {toString: 1}})
  })

  it('may use anchors, merge keys and x- keys', async () => {
    const {definition} = await loadText(`
x-base: &base {type: process, binary: node, env: {A: 1}}
services:
  api: {<<: *base, env: {B: 2}, x-note: {any: thing}}
  web: *base
`)
    assert.deepEqual(definition.services['api']?.env, {B: '2'})
    assert.deepEqual(definition.services['web']?.env, {A: '1'})
    assert.deepEqual(definition.services['api'].target, {type: 'process', spec: {binary: 'node'}})
  })

  it('takes the seed of a real stack in the long spelling', async () => {
    const {definition, warnings} = await loadStack({cwd: stacks, files: ['chain.yaml'], env: {}})
    assert.deepEqual(warnings, [])
    assert.deepEqual(definition.tasks['deploy']?.input, {
      type: 'DeployAll',
      rpc: '${chain.url}',
      folder: './contracts',
    })
    assert.deepEqual(
      definition.services['indexer']?.dependencies.map(({kind, name}) => `${kind} ${name}`),
      ['service database', 'service chain', 'task deploy'],
    )
  })
})

describe('the two spellings', () => {
  it('give the same model', async () => {
    const short = await loadStack({cwd: stacks, files: ['short.yaml'], env: {}})
    const long = await loadStack({cwd: stacks, files: ['long.yaml'], env: {}})
    const comparable = {file: '', variables: {}}
    assert.deepEqual({...long.definition, ...comparable}, {...short.definition, ...comparable})
  })

  it('are found again in the file, each where it was written', async () => {
    const short = await loadStack({cwd: stacks, files: ['short.yaml'], env: {}})
    const long = await loadStack({cwd: stacks, files: ['long.yaml'], env: {}})
    const pointer = '/services/api/target/spec/working_dir'
    assert.deepEqual(
      [short, long].map((loaded) => [loaded.locate(pointer)?.path, loaded.locate(pointer)?.source.trim()]),
      [
        ['services.api.working_dir', 'working_dir: ./api'],
        ['services.api.target.working_dir', 'working_dir: ./api'],
      ],
    )
    const place = short.locate('/services/api/target/spec/binary')
    assert.deepEqual([place?.file, place?.line, place?.column, place?.length], ['short.yaml', 14, 13, 4])
    assert.equal(short.locate('/services/api/target/spec/gone/deeper')?.path, 'services.api')
    assert.equal(short.locate('/services/api/healthCheck/check/port')?.path, 'services.api.health_check.tcp')
    assert.equal(short.locate('/services/api/env/STORE')?.path, 'services.api.env.STORE')
  })
})

describe('several files', () => {
  it('are merged in order: maps merge, lists append, command lines are replaced, null takes away', async () => {
    const {definition} = await loadStack({cwd: stacks, files: ['base.yaml', 'over.yaml'], env: {}})
    assert.equal(definition.file, path.join(stacks, 'base.yaml'))
    const {api} = definition.services
    assert.deepEqual(api?.env, {A: 'base', B: 'over', C: 'over'})
    assert.deepEqual(api.target?.spec, {binary: 'node', args: ['--debug']})
    assert.deepEqual(
      api.dependencies.map(({name, condition}) => [name, condition]),
      [
        ['store', 'started'],
        ['cache', 'ready'],
      ],
    )
    assert.equal(api.healthCheck, undefined)
    assert.equal(api.graceMs, 1000)
  })

  it('report a problem in the file that it stands in', async () => {
    using folder = temporaryFolder({
      'a.yaml': 'services: {api: {type: process, binary: node}}',
      'b.yaml': '# over\nservices: {api: {ports: [x]}}',
    })
    await assert.rejects(
      loadStack({cwd: folder.path, files: ['a.yaml', 'b.yaml'], env: {}}),
      (error: {details: {diagnostics: {file: string; line: number}[]}}) => {
        assert.deepEqual(
          error.details.diagnostics.map(({file, line}) => [file, line]),
          [['b.yaml', 2]],
        )
        return true
      },
    )
  })

  it('harness.override.yaml is one when no file is named, and may be empty', async () => {
    using folder = temporaryFolder({
      'harness.yaml': 'services: {api: {type: process, binary: node}}',
      'harness.override.yaml': 'services: {api: {binary: deno}}',
    })
    const found = await loadStack({cwd: folder.path, env: {}})
    assert.equal(found.definition.services['api']?.target?.spec['binary'], 'deno')
    assert.equal(found.definition.file, path.join(folder.path, 'harness.yaml'))
    const named = await loadStack({cwd: folder.path, files: ['harness.yaml'], env: {}})
    assert.equal(named.definition.services['api']?.target?.spec['binary'], 'node')
    using empty = temporaryFolder({
      'harness.yaml': 'services: {api: {type: process, binary: node}}',
      'harness.override.yaml': '# nothing yet\n',
    })
    assert.ok((await loadStack({cwd: empty.path, env: {}})).definition.services['api'])
  })
})

describe('variables', () => {
  it('come from the caller, then from the .env file beside the stack file', async () => {
    using folder = temporaryFolder({
      'harness.yaml': 'services: {api: {type: process, binary: node, args: ["$A", "$B", "${C:-c}"]}}',
      '.env': 'A=file\nB=file\n',
    })
    const {definition, warnings} = await loadStack({cwd: folder.path, env: {A: 'caller'}})
    assert.deepEqual(definition.services['api']?.target?.spec['args'], ['caller', 'file', 'c'])
    assert.deepEqual(warnings, [])
  })

  it('that are not set are warnings with a place', async () => {
    const [warning, ...rest] = await problemsOf('services:\n  api: {type: process, binary: node, args: ["$GONE"]}\n')
    assert.deepEqual(rest, [])
    assert.deepEqual([warning?.severity, warning?.line, warning?.path], ['warning', 2, 'services.api.args[0]'])
  })

  it('are not looked for in keys, comments and x- keys', async () => {
    const text = '# ${COMMENT\nx-a: ${GONE\nservices: {api: {type: process, binary: node, env: {"A${K": b}}}'
    assert.deepEqual(await problemsOf(text), [])
  })

  it('fill in numbers, durations, ports and yes or no', async () => {
    const service = await loadService(
      [
        'ports: ["${PORT}"]',
        'shutdown_timeout: $GRACE',
        'health_check: {tcp: 80, retries: "${RETRIES}"}',
        'logs: {merge: "$MERGE"}',
        'inherit_env: ["$NAMES"]',
      ].join('\n'),
      {PORT: '8080:80', GRACE: '2s', RETRIES: '7', MERGE: 'true', NAMES: 'AWS_*'},
    )
    assert.deepEqual(service.ports[0], {name: 'default', protocol: 'tcp', port: 8080, container: 80})
    assert.equal(service.graceMs, 2000)
    assert.equal(service.healthCheck?.failureThreshold, 7)
    assert.equal(service.logs.merge, true)
    assert.deepEqual(service.inheritEnv, ['AWS_*'])
  })

  it('keep a literal $ through both stages', async () => {
    const service = await loadService('args: ["$$HOME", "$PASSWORD"]\nstop_signal: term', {PASSWORD: 'pa$$w${x.y}'})
    assert.deepEqual(service.target?.spec['args'], ['$$HOME', 'pa$$$$w$${x.y}'])
  })
})
