import assert from 'node:assert/strict'
import {execFileSync, spawn} from 'node:child_process'
import {mkdirSync, rmdirSync, symlinkSync, truncateSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {isHarnessError} from '../../../src/core/base/errors.js'
import type {JsonObject} from '../../../src/core/base/json.js'
import {diagnosticsIn, formatDiagnostics} from '../../../src/core/config/format-diagnostics.js'
import {loadStack} from '../../../src/core/config/load-stack.js'
import type {LocatedDiagnostic} from '../../../src/core/config/problems.js'
import {parseMessage} from '../../../src/core/protocol/parse.js'
import {validateParams} from '../../../src/core/transport/validate-params.js'
import {hostileFiles} from '../../support/hostile-files.js'
import {controls, hostileNames} from '../../support/hostile-names.js'
import {loadText, problemsOf, temporaryFolder} from './load.js'

/** Names are written as JSON, which is YAML as well. */
const texts: Readonly<Record<string, (name: string) => string>> = {
  service: (name) => `services: {${JSON.stringify(name)}: {type: process, binary: node}}`,
  task: (name) => `tasks: {${JSON.stringify(name)}: {task_type: command, target: {type: process, binary: node}}}`,
  port: (name) => `services: {api: {type: process, binary: node, ports: {${JSON.stringify(name)}: 0}}}`,
  network: (name) => `networks: {${JSON.stringify(name)}: {type: lan}}\nservices: {api: {type: process, binary: node}}`,
  environment: (name) =>
    `environments: {${JSON.stringify(name)}: {env: {A: b}}}\nservices: {api: {type: process, binary: node}}`,
}

function assertHarmless(problems: readonly LocatedDiagnostic[], subject: string): void {
  for (const line of formatDiagnostics(problems).split('\n')) assert.equal(controls.test(line), false, subject)
}

async function problemsOfFile(text: string | Buffer): Promise<readonly LocatedDiagnostic[]> {
  using folder = temporaryFolder({})
  writeFileSync(path.join(folder.path, 'harness.yaml'), text)
  return await problemsIn(folder.path)
}

async function problemsIn(folder: string): Promise<readonly LocatedDiagnostic[]> {
  try {
    return (await loadStack({cwd: folder, env: {}})).warnings
  } catch (error) {
    if (isHarnessError(error) && error.code === 'CONFIG_INVALID') return diagnosticsIn(error.details)
    throw error
  }
}

describe('hostile names', () => {
  it('are more than sixty', () => {
    assert.ok(new Set(hostileNames).size >= 60)
  })

  for (const [what, text] of Object.entries(texts)) {
    it(`of a ${what} are refused with a line, and shown without control characters`, async () => {
      for (const name of hostileNames) {
        const problems = await problemsOf(text(name))
        const subject = `${what} ${JSON.stringify(name)}`
        const errors = problems.filter(({severity}) => severity === 'error')
        assert.ok(errors.length > 0, subject)
        assert.ok(
          errors.some(({line, code}) => line !== undefined && /NAME|SYNTAX|KEY|VALUE/.test(code)),
          subject,
        )
        assertHarmless(problems, subject)
      }
    })
  }

  it('are refused on the wire', async () => {
    const {definition} = await loadText(
      'services: {api: {type: process, binary: node}}\ntasks: {seed: {task_type: command, target: {type: process, binary: node}}}',
    )
    const {services, tasks} = definition
    const load = (name: string, hostile: object): Promise<void> => {
      const params = {definition: {...definition, ...hostile}, requestId: 'a'}
      const parsed = parseMessage(JSON.stringify({jsonrpc: '2.0', id: 1, method: 'stack.load', params}))
      if (!('message' in parsed) || !('method' in parsed.message)) return assert.fail(name)
      return validateParams('stack.load', (parsed.message.params ?? {}) as JsonObject)
    }
    // An object literal would take `__proto__` for its prototype.
    const under = (name: string, value: unknown): unknown =>
      JSON.parse(`{${JSON.stringify(name)}: ${JSON.stringify(value)}}`)
    const places: Readonly<Record<string, (name: string) => object>> = {
      stack: (name) => ({name}),
      service: (name) => ({services: under(name, services['api'])}),
      task: (name) => ({tasks: under(name, tasks['seed'])}),
      port: (name) => ({services: {api: {...services['api'], ports: [{name, protocol: 'tcp', port: 0}]}}}),
    }
    for (const [what, hostile] of Object.entries(places)) {
      await load('constructor', hostile('constructor'))
      for (const name of hostileNames) {
        await assert.rejects(load(name, hostile(name)), {code: 'REQUEST_INVALID'}, `${what} ${JSON.stringify(name)}`)
      }
    }
  })

  it('that JavaScript knows are data like any other', async () => {
    const {definition} = await loadText(
      'services: {constructor: {type: process, binary: node, dependencies: [tostring], env: {constructor: a, toString: b}}, tostring: {type: process, binary: node}, hasownproperty: {type: process, binary: node}}',
    )
    assert.deepEqual(Object.keys(definition.services), ['constructor', 'tostring', 'hasownproperty'])
    assert.deepEqual(definition.services['constructor']?.env, {constructor: 'a', toString: 'b'})
    assert.equal(({} as Record<string, unknown>)['a'], undefined)
  })
})

describe('a hostile file', () => {
  for (const [what, [text, line, message]] of Object.entries(hostileFiles)) {
    it(`${what} is refused${line === undefined ? '' : ' with the line'}`, async () => {
      const problems = await problemsOfFile(text())
      const [first] = problems.filter(({severity}) => severity === 'error')
      assert.match(first?.message ?? '', message)
      if (line !== undefined) assert.equal(first?.line, line, first?.message)
      assertHarmless(problems, what)
      assert.ok(problems.length <= 402)
    })
  }

  it('of 50 MB is refused after its first megabyte', async () => {
    using folder = temporaryFolder({'harness.yaml': 'a: b\n'})
    truncateSync(path.join(folder.path, 'harness.yaml'), 50 * 1024 * 1024)
    const [first] = await problemsIn(folder.path)
    assert.match(first?.message ?? '', /larger than 1 MiB/)
    assert.equal(first?.line, 2)
  })

  const endless: Readonly<Record<string, readonly [make: (file: string) => void, why: RegExp]>> = {
    'of more than 1 MiB': [
      (file) => {
        tooLarge(file)
      },
      /larger than 1 MiB/,
    ],
    'that is a device without an end': [
      (file) => {
        symlinkSync('/dev/zero', file)
      },
      /larger than 1 MiB/,
    ],
    'that is a pipe to which nobody writes': [(file) => void execFileSync('mkfifo', [file]), /it is a pipe/],
  }
  it('of variables that is a pipe is read from who writes into it', async () => {
    using folder = temporaryFolder({
      'harness.yaml': 'services: {api: {type: process, binary: node, env_file: pipe.env}}',
    })
    execFileSync('mkfifo', [path.join(folder.path, 'pipe.env')])
    const script = 'sleep 0.2; { echo NAME=first; sleep 0.2; echo OTHER=second; } > pipe.env'
    spawn('sh', ['-c', script], {cwd: folder.path, stdio: 'ignore'})
    const problems = await problemsIn(folder.path)
    assert.deepEqual(problems, [])
  })

  for (const [what, [make, why]] of Object.entries(endless)) {
    it(`of variables ${what} is refused by name, beside a stack file and as env_file`, async () => {
      const plain = 'services: {api: {type: process, binary: node, ENV}}'
      for (const [name, env] of [
        ['.env', 'env: {}'],
        ['big.env', 'env_file: big.env'],
        ['big.env', 'env_file: [{path: big.env, required: false}]'],
      ] as const) {
        using folder = temporaryFolder({'harness.yaml': plain.replace('ENV', env)})
        make(path.join(folder.path, name))
        const problems = await problemsIn(folder.path)
        assert.deepEqual(
          problems.map(({severity, code}) => `${severity} ${code}`),
          ['error CONFIG_INVALID_VALUE'],
        )
        const [first] = problems
        const {message, file = ''} = first ?? assert.fail()
        assert.match(message, why)
        assert.ok(`${file} ${message}`.includes(name), message)
      }
    })
  }

  it('of variables that is a folder, or nothing at all, is none', async () => {
    using folder = temporaryFolder({'harness.yaml': 'services: {api: {type: process, binary: node}}'})
    mkdirSync(path.join(folder.path, '.env'))
    assert.deepEqual(await problemsIn(folder.path), [])
    rmdirSync(path.join(folder.path, '.env'))
    symlinkSync('/dev/null', path.join(folder.path, '.env'))
    assert.deepEqual(await problemsIn(folder.path), [])
  })
})

/** By one byte. */
function tooLarge(file: string): void {
  writeFileSync(file, 'A=b\n')
  truncateSync(file, 1024 * 1024 + 1)
}
