import assert from 'node:assert/strict'
import {mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {findProblems} from '../../../src/core/config/find-problems.js'
import {formatDiagnostics} from '../../../src/core/config/format-diagnostics.js'
import type {LocatedDiagnostic} from '../../../src/core/config/problems.js'
import {catalogue} from './catalogue.js'
import {temporaryFolder} from './load.js'

interface How {
  readonly strict?: boolean
  readonly environment?: string
}

async function problemsOf(text: string, how: How = {}): Promise<readonly LocatedDiagnostic[]> {
  const {strict = false, environment} = how
  const stdin = () => Promise.resolve(text)
  const options = {cwd: '/srv/shop', files: ['-'], env: {}, stdin, environment}
  return (await findProblems(options, () => Promise.resolve(catalogue), {strict})).problems
}

/** `line severity message` of each. */
async function said(text: string, how: How = {}): Promise<readonly string[]> {
  return (await problemsOf(text, how)).map(({line, severity, message}) => `${line ?? '-'} ${severity} ${message}`)
}

const variants = `environments:
  test:
    services: {api: {dependencies: [gone]}}
  staging:
    services: {api: {replicas: many}}
  empty: {}
services:
  api: {type: process, binary: api, nise: 1}
`

describe('findProblems', () => {
  it('looks at the file as it stands and with each environment, and says what is wrong in one only', async () => {
    assert.deepEqual(await said(variants), [
      "3 error services.api depends on service 'gone', which is not in this stack (in environment 'test').",
      "5 error services.api.replicas must be a whole number from 0 to 1000, got 'many' (in environment 'staging').",
      '8 error services.api.nise is not a key of a process service.',
    ])
  })

  it('looks at the chosen environment alone', async () => {
    assert.deepEqual(await said(variants, {environment: 'test'}), [
      "3 error services.api depends on service 'gone', which is not in this stack.",
      '8 error services.api.nise is not a key of a process service.',
    ])
    assert.deepEqual(await said(variants, {environment: 'empty'}), [
      '8 error services.api.nise is not a key of a process service.',
    ])
    await assert.rejects(said(variants, {environment: 'tset'}), {code: 'USAGE'})
  })

  it('says once what is wrong in several, with their names', async () => {
    const text = `x-services: &gone {api: {dependencies: [gone]}}
environments:
  one: {services: *gone}
  two: {services: *gone}
services:
  api: {type: process, binary: api}
`
    assert.deepEqual(await said(text), [
      "1 error services.api depends on service 'gone', which is not in this stack (in environments 'one', 'two').",
    ])
  })

  it('reads standard input once, and asks for no plugins where the file is no YAML', async () => {
    const stdin = () => Promise.resolve('services: {')
    const never = () => Promise.reject(new Error('Not asked for.'))
    const {problems} = await findProblems({cwd: '/srv/shop', files: ['-'], env: {}, stdin}, never)
    assert.deepEqual(
      problems.map(({code}) => code),
      ['CONFIG_SYNTAX'],
    )
    let reads = 0
    const counted = () => {
      reads += 1
      return Promise.resolve(variants)
    }
    await findProblems({cwd: '/srv/shop', files: ['-'], env: {}, stdin: counted}, () => Promise.resolve(catalogue))
    assert.equal(reads, 1)
  })

  it('takes for errors, when it is strict, what is a warning else', async () => {
    const text = `services:
  a: {type: process, binary: a, args: ["$NOT_SET"], ports: [80]}
  b: {type: process, binary: b, ports: [80]}
  c: {type: docker, image: c}
  d: {type: dokcer}
tasks:
  e: {task_type: graph-contracts}
`
    const severities = async (strict: boolean) => (await problemsOf(text, {strict})).map(({severity}) => severity)
    assert.deepEqual(await severities(false), ['warning', 'warning', 'warning', 'error', 'warning'])
    assert.deepEqual(await severities(true), ['error', 'error', 'error', 'error', 'error'])
  })
})

describe('one port of this machine', () => {
  const ports = (a: string, b: string): Promise<readonly string[]> =>
    said(`services:\n  a: {type: process, binary: a, ${a}}\n  b: {type: process, binary: b, ${b}}\n`)

  it('that two services want is reported', async () => {
    const [warning, ...rest] = await ports('ports: [80]', 'ports: {http: 80}')
    assert.deepEqual(rest, [])
    assert.match(warning ?? '', /^3 warning services\.b and services\.a both want port 80 of this machine/)
    assert.equal((await ports('ports: [80], profiles: [x, y]', 'ports: [80], profiles: [y]')).length, 1)
    assert.equal((await ports('ports: [80]', 'ports: [80], profiles: [y]')).length, 1)
  })

  it('is not shared by services of different profiles, by UDP and TCP, nor by what is allocated or never started', async () => {
    for (const [a, b] of [
      ['ports: [80], profiles: [x]', 'ports: [80], profiles: [y]'],
      ['ports: {udp: 53}', 'ports: [53]'],
      ['ports: [0]', 'ports: [0]'],
      ['ports: ["8080:80"]', 'ports: ["8081:80"]'],
      ['ports: [80], replicas: 0', 'ports: [80]'],
      ['ports: {one: 80, two: 80}', 'ports: [81]'],
    ] as const) {
      assert.deepEqual(await ports(a, b), [], `${a} | ${b}`)
    }
  })
})

describe('names that would move the cursor', () => {
  const evil = '\u001B[31m\u009B2J\u202E'

  it('of included files and files of variables are shown without what a terminal obeys', async () => {
    using folder = temporaryFolder({})
    const deep = path.join(folder.path, evil)
    mkdirSync(deep)
    writeFileSync(path.join(deep, `${evil}.yaml`), 'services: {well: {type: process, bniary: well}}\n')
    writeFileSync(path.join(deep, `${evil}.env`), `${evil} s3cr3t\n${evil}=s3cr3t\n`)
    const name = `${evil}/${evil}`
    const text = JSON.stringify({
      include: [`${name}.yaml`, `${evil}.yaml`],
      env_file: [`${name}.env`, `${evil}.env`],
      secrets: {[evil]: {file: 'a'}},
      environments: {[evil]: {services: {api: {dependencies: [evil]}}}},
      services: {api: {type: 'process', binary: 'api', extends: evil, network: evil, watch: [evil]}},
    })
    writeFileSync(path.join(folder.path, 'harness.yaml'), text)
    const options = {cwd: folder.path, env: {}}
    const {problems} = await findProblems(options, () => Promise.resolve(catalogue))
    const shown = formatDiagnostics(problems)
    assert.doesNotMatch(shown.replaceAll('\n', ''), /[\p{Cc}\u202A-\u202E]/u)
    assert.doesNotMatch(shown, /s3cr3t/)
    const files = new Set(problems.map(({file = ''}) => path.extname(file)))
    assert.deepEqual([...files].sort(), ['.env', '.yaml'])
    assert.ok(problems.length >= 9, shown)
  })
})
