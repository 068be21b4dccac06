import assert from 'node:assert/strict'
import {access, mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {StackStatus, StartOutcome} from '../../src/core/contract/status.js'
import {Sandbox, until} from '../support/harness.js'

interface Inited {
  readonly template: string
  readonly files: readonly string[]
}

describe('harness init', function () {
  this.timeout(60_000)

  for (const template of ['web', 'minimal']) {
    it(`writes a ${template} stack that is valid and starts as it is`, async () => {
      await using sandbox = await Sandbox.make()
      const {files} = await sandbox.json<Inited>('init', '--template', template)
      assert.deepEqual(files, [`${sandbox.folder}/harness.yaml`, `${sandbox.folder}/.harness/schema.json`])
      for (const file of files) await access(file)
      const validated = await sandbox.json<{valid: boolean; diagnostics: unknown[]}>('validate', '--strict')
      assert.deepEqual(validated, {valid: true, diagnostics: []})
      const started = await sandbox.json<StartOutcome>('start')
      assert.deepEqual(started.failed, [])
      const {services, tasks} = await sandbox.json<StackStatus>('status')
      for (const {name, state} of services) assert.equal(state, 'Running', name)
      for (const {name, state} of tasks) assert.equal(state, 'Succeeded', name)
      assert.equal((await sandbox.run('stop')).code, 0)
    })
  }

  it('brings an api that answers its worker', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.run('init')
    assert.equal((await sandbox.run('start')).code, 0)
    const answered = async (): Promise<boolean> =>
      (await sandbox.run('logs', 'worker')).stdout.includes('hello world, it is a fine day')
    await until(answered, 'the worker has an answer')
  })

  it('has more keys in comments that are valid once the # is taken away', async () => {
    await using sandbox = await Sandbox.make()
    const {files} = await sandbox.json<Inited>('init')
    const [file = ''] = files
    const [head = '', body = ''] = (await readFile(file, 'utf8')).split(/(?=^services:$)/m)
    const opened = body.replaceAll(/^( *)#( {2,}\S|\S)/gm, '$1$2')
    assert.notEqual(opened, body)
    await writeFile(file, `${head.replace(/^#(?=name:)/m, '')}${opened}`)
    const {code, stderr} = await sandbox.run('validate', '--strict')
    assert.equal(code, 0, stderr)
  })

  it('takes another folder, and makes it', async () => {
    await using sandbox = await Sandbox.make()
    const {code, stdout} = await sandbox.run('init', '-t', 'minimal', 'sub/shop')
    assert.equal(code, 0)
    assert.match(stdout, /harness start -c sub\/shop\/harness\.yaml/)
    assert.equal((await sandbox.run('validate', '-c', 'sub/shop/harness.yaml')).code, 0)
  })

  it('never writes over a stack file, unless it is told to', async () => {
    await using sandbox = await Sandbox.make()
    for (const name of ['harness.yaml', 'services.yml']) {
      const folder = path.join(sandbox.folder, name.replace('.', '-'))
      await mkdir(folder)
      await writeFile(path.join(folder, name), 'mine')
      const refused = await sandbox.run('init', folder)
      assert.equal(refused.code, 2)
      assert.match(refused.stderr, /is there already/)
      assert.match(refused.stderr, /--force/)
      assert.equal(await readFile(path.join(folder, name), 'utf8'), 'mine')
      assert.equal((await sandbox.run('init', '--force', folder)).code, 0)
      assert.match(await readFile(path.join(folder, 'harness.yaml'), 'utf8'), /^# yaml-language-server: \$schema=/)
    }
  })

  it('lists its templates, and writes nothing then', async () => {
    await using sandbox = await Sandbox.make()
    const {templates} = await sandbox.json<{templates: {name: string; summary: string}[]}>('init', '--list')
    assert.deepEqual(
      templates.map(({name}) => name),
      ['web', 'minimal'],
    )
    await assert.rejects(access(`${sandbox.folder}/harness.yaml`))
  })
})

describe('harness schema', function () {
  this.timeout(60_000)

  it('prints JSON, or writes it to a file', async () => {
    await using sandbox = await Sandbox.make()
    const printed = await sandbox.json<{$schema: string; $defs: object}>('schema')
    assert.equal(printed.$schema, 'https://json-schema.org/draft/2020-12/schema')
    assert.deepEqual(await sandbox.json('schema', '-o', 'a/b.json'), {file: `${sandbox.folder}/a/b.json`})
    assert.deepEqual(JSON.parse(await readFile(`${sandbox.folder}/a/b.json`, 'utf8')), printed)
    const over = await sandbox.json<{$defs: object}>('schema', '--override')
    assert.ok(!('service' in over.$defs))
  })

  it('says so when it cannot write there', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write('a file', 'file')
    const {code, stderr} = await sandbox.run('schema', '--output', 'file/schema.json')
    assert.equal(code, 2)
    assert.match(stderr, /cannot be written/)
  })
})
