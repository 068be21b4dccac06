import assert from 'node:assert/strict'
import {mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {isHarnessError} from '../../../src/core/base/errors.js'
import {diagnosticsIn} from '../../../src/core/config/format-diagnostics.js'
import {loadStack, type LoadedStack} from '../../../src/core/config/load-stack.js'
import type {ServiceDefinition} from '../../../src/core/contract/stack.js'
import {temporaryFolder} from './load.js'

type Files = Readonly<Record<string, string>>

function folderWith(files: Files): ReturnType<typeof temporaryFolder> {
  const folder = temporaryFolder({})
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder.path, name)), {recursive: true})
    writeFileSync(path.join(folder.path, name), text)
  }
  return folder
}

async function load(files: Files, options: {readonly environment?: string} = {}): Promise<LoadedStack> {
  using folder = folderWith(files)
  return await loadStack({cwd: folder.path, env: {}, ...options})
}

/** `file:line CODE message` for each problem. */
async function problems(files: Files, options: {readonly environment?: string} = {}): Promise<readonly string[]> {
  try {
    await load(files, options)
    return []
  } catch (error) {
    if (!isHarnessError(error) || error.code !== 'CONFIG_INVALID') throw error
    return diagnosticsIn(error.details).map(({file, line, code, message}) => `${file}:${line} ${code} ${message}`)
  }
}

const process = (name: string, more = ''): string => `  ${name}: {type: process, binary: node${more}}\n`

describe('an included file', () => {
  it('brings its services, with paths that start at its folder', async () => {
    const {definition} = await load({
      'harness.yaml': `include: [parts/db.yaml]\nservices:\n${process('api', ', dependencies: [db]')}`,
      'parts/db.yaml': `services:\n${process('db')}tasks:\n  seed: {task_type: command, target: {type: process, binary: node}}\n`,
    })
    assert.deepEqual(Object.keys(definition.services), ['db', 'api'])
    assert.equal(definition.services['db']?.directory, path.join(definition.directory, 'parts'))
    assert.equal(definition.tasks['seed']?.directory, path.join(definition.directory, 'parts'))
    assert.equal(definition.services['api']?.directory, undefined)
  })

  it('may include further ones, each from where it lies', async () => {
    const {definition} = await load({
      'harness.yaml': 'include: [{path: a/one.yaml}]\n',
      'a/one.yaml': `include: ../b/two.yaml\nservices:\n${process('one')}`,
      'b/two.yaml': `services:\n${process('two')}`,
    })
    assert.deepEqual(
      Object.entries(definition.services).map(([name, {directory}]) => [name, path.basename(directory ?? '')]),
      [
        ['two', 'b'],
        ['one', 'a'],
      ],
    )
  })

  it('has settings and variables of its own, above those around it', async () => {
    const {definition} = await load({
      'harness.yaml': `include: [db.yaml]\nsettings: {startup_timeout: 1s, shutdown_timeout: 2s}\nenv: {A: root, B: root}\nservices:\n${process('api')}`,
      'db.yaml': `settings: {startup_timeout: 9s}\nenv: {B: own}\nservices:\n${process('db')}`,
    })
    const {api, db} = definition.services
    assert.deepEqual([db?.env, db?.startupTimeoutMs, db?.graceMs], [{A: 'root', B: 'own'}, 9000, 2000])
    assert.deepEqual([api?.env, api?.startupTimeoutMs], [{A: 'root', B: 'root'}, 1000])
  })

  it('is changed by the file that includes it', async () => {
    const {definition} = await load({
      'harness.yaml': 'include: [db.yaml]\nservices: {db: {env: {MODE: test}}}\n',
      'db.yaml': `services:\n${process('db', ', env: {MODE: live, KEEP: yes}')}`,
    })
    assert.deepEqual(definition.services['db']?.env, {MODE: 'test', KEEP: 'yes'})
  })

  it('takes variables from its own .env below that of the stack', async () => {
    const {definition} = await load({
      'harness.yaml': 'include: [a/db.yaml]\n',
      '.env': 'BOTH=root',
      'a/.env': 'BOTH=own\nOWN=own',
      'a/db.yaml': `services:\n${process('db', ", env: {BOTH: '${BOTH}', OWN: '${OWN}'}")}`,
    })
    assert.deepEqual(definition.services['db']?.env, {BOTH: 'root', OWN: 'own'})
  })

  it('may be included by two others', async () => {
    const shared = `services:\n${process('db')}`
    const {definition} = await load({
      'harness.yaml': 'include: [a.yaml, b.yaml]\n',
      'a.yaml': `include: [db.yaml]\nservices:\n${process('a', ', dependencies: [db]')}`,
      'b.yaml': `include: [db.yaml]\nservices:\n${process('b', ', dependencies: [db]')}`,
      'db.yaml': shared,
    })
    assert.deepEqual(Object.keys(definition.services).sort(), ['a', 'b', 'db'])
  })

  it('cannot have what another one beside it has', async () => {
    const db = `services:\n${process('db')}`
    assert.deepEqual(await problems({'harness.yaml': 'include: [a.yaml, b.yaml]', 'a.yaml': db, 'b.yaml': db}), [
      'b.yaml:2 CONFIG_DUPLICATE_KEY Two included files have services.db: the other is at a.yaml:2.',
    ])
  })

  it('that leads back to itself is refused with the chain', async () => {
    const found = await problems({
      'harness.yaml': `include: [a.yaml]\nservices:\n${process('x')}`,
      'a.yaml': 'include: [b.yaml]',
      'b.yaml': 'include: [a.yaml]',
    })
    assert.deepEqual(found, [
      'b.yaml:1 CONFIG_CYCLE The files include each other in a circle: a.yaml → b.yaml → a.yaml.',
    ])
  })

  it('that is not there is named where it is asked for', async () => {
    const [first = ''] = await problems({'harness.yaml': `services:\n${process('x')}include: [gone.yaml]`})
    assert.equal(
      first,
      "harness.yaml:3 CONFIG_INVALID_VALUE include[0] names 'gone.yaml', which cannot be read: there is no such file.",
    )
  })

  it('has its problems told at its own lines', async () => {
    const found = await problems({
      'harness.yaml': 'include: [a.yaml]',
      'a.yaml': `wrong: 1\nservices:\n${process('db', ', health_chek: {tcp: 1}')}`,
    })
    assert.match(found[0] ?? '', /^a\.yaml:1 CONFIG_UNKNOWN_KEY wrong/)
  })
})

describe('templates', () => {
  const file = `
templates:
  base: {type: process, binary: node, env: {A: base, B: base}, ports: [1]}
  web: {extends: base, env: {B: web}, ports: [2]}
  quiet: {env: {QUIET: yes}}
services:
  api: {extends: [web, quiet], env: {C: api}, ports: [3]}
  plain: {extends: base, ports: !override [9]}
`

  it('lie below what extends them, one below the other', async () => {
    const {api, plain} = (await load({'harness.yaml': file})).definition.services
    assert.deepEqual(api?.env, {A: 'base', B: 'web', QUIET: 'yes', C: 'api'})
    const portsOf = (service: ServiceDefinition | undefined): readonly number[] | undefined =>
      service?.ports.map(({port}) => port)
    assert.deepEqual([portsOf(api), portsOf(plain)], [[1, 2, 3], [9]])
  })

  it('that are not there are named with those that are', async () => {
    const found = await problems({'harness.yaml': `${file}tasks:\n  seed: {extends: job, task_type: command}\n`})
    const message = "tasks.seed.extends names the template 'job', which is not there; known are base, web, quiet."
    assert.deepEqual(found, [`harness.yaml:10 CONFIG_UNKNOWN_REFERENCE ${message}`])
  })

  it('that extend each other are refused with the chain', async () => {
    const found = await problems({
      'harness.yaml':
        'templates:\n  a: {extends: b}\n  b: {extends: c}\n  c: {extends: a}\nservices:\n  api: {extends: a, type: process, binary: node}\n',
    })
    assert.deepEqual(found, ['harness.yaml:4 CONFIG_CYCLE The templates extend each other in a circle: a → b → c → a.'])
  })

  it('have a mistake told once, however many extend them', async () => {
    const found = await problems({
      'harness.yaml':
        'templates: {a: {type: process, binary: node, restart: sometimes}}\nservices: {x: {extends: a}, y: {extends: a}}\n',
    })
    assert.equal(found.length, 1)
  })
})

describe('an environment', () => {
  const file = `
services:
  api: {type: process, binary: node, env: {MODE: local}, replicas: 1}
environments:
  staging:
    profiles: [debug]
    env: {STAGE: yes}
    services:
      api: {env: {MODE: staging}, replicas: 3}
`

  it('is laid over the file when it is asked for, and only then', async () => {
    const plain = await load({'harness.yaml': file})
    assert.deepEqual([plain.definition.services['api']?.env, plain.profiles], [{MODE: 'local'}, []])
    const {definition, profiles} = await load({'harness.yaml': file}, {environment: 'staging'})
    assert.deepEqual(definition.services['api']?.env, {STAGE: 'yes', MODE: 'staging'})
    assert.equal(definition.services['api'].replicas, 3)
    assert.equal(definition.environment, 'staging')
    assert.deepEqual(profiles, ['debug'])
  })

  it('that is not there is a mistake of the command', async () => {
    await assert.rejects(load({'harness.yaml': file}, {environment: 'stagin'}), {
      code: 'USAGE',
      hint: "Did you mean 'staging'?",
    })
  })

  it('with an unknown key is refused whether it is chosen or not', async () => {
    const found = await problems({'harness.yaml': `${file}  other: {servces: {}}\n`})
    assert.match(found[0] ?? '', /CONFIG_UNKNOWN_KEY environments\.other\.servces/)
  })
})
