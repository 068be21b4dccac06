import assert from 'node:assert/strict'
import {existsSync, readdirSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {root, Sandbox} from '../support/harness.js'

const examples = path.join(root, 'examples')

const variants = `name: shop
environments:
  test: {services: {api: {dependencies: [gone]}}}
  staging: {services: {api: {env: {LEVEL: info}}}}
services:
  api: {type: process, binary: sleep, args: ['1000']}
`

const plugins = `services:
  store: {type: ipfs}
  api: {type: process, binary: sleep, args: ["$SECONDS_TO_SLEEP"], ports: [5432]}
  web: {type: process, binary: sleep, args: ["1"], ports: [5432]}
`

interface Answer {
  readonly valid: boolean
  readonly diagnostics: readonly {readonly severity: string; readonly code: string; readonly docs: string}[]
}

describe('harness validate', function () {
  this.timeout(30_000)

  for (const name of readdirSync(examples)) {
    const file = path.join(examples, name, 'harness.yaml')
    // What needs the plugin is looked at where that is linked: graph-example.test.ts.
    if (!existsSync(file) || name === 'graph') continue
    it(`finds nothing in examples/${name}`, async () => {
      await using sandbox = await Sandbox.make()
      const {code, stderr} = await sandbox.run('validate', '--strict', '-c', file)
      assert.equal(code, 0, stderr)
    })
  }

  it('finds today what is wrong in an environment that nobody has chosen yet', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(variants)
    const all = await sandbox.run('validate')
    assert.equal(all.code, 3)
    assert.match(
      all.stderr,
      /^harness\.yaml:3:42 {2}error .*'gone', which is not in this stack \(in environment 'test'\)\.$/m,
    )
    assert.match(all.stdout, /^✖ 1 error\.$/m)
    const staging = await sandbox.run('validate', '--env', 'staging')
    assert.deepEqual([staging.code, staging.stdout], [0, '✔ shop is valid as staging: 1 service, 0 tasks.\n'])
    const unknown = await sandbox.run('validate', '--env', 'stagin')
    assert.equal(unknown.code, 2)
    assert.match(unknown.stderr, /has the environments test, staging[^]*Did you mean 'staging'\?/)
  })

  it('warns of types that are not installed, and refuses them when it is strict, as a start does', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(plugins)
    const {valid, diagnostics} = await sandbox.json<Answer>('validate')
    assert.equal(valid, true)
    assert.deepEqual(
      diagnostics.map(({severity, code, docs}) => [severity, code, docs]),
      [
        ['warning', 'CONFIG_UNKNOWN_TYPE', 'docs/config.md#config_unknown_type'],
        ['warning', 'CONFIG_UNSET_VARIABLE', 'docs/config.md#config_unset_variable'],
        ['warning', 'CONFIG_INVALID_VALUE', 'docs/config.md#config_invalid_value'],
      ],
    )
    const strict = await sandbox.run('validate', '--strict')
    assert.equal(strict.code, 3)
    assert.match(strict.stdout, /✖ 3 errors\./)
    const start = await sandbox.run('start')
    assert.equal(start.code, 3)
    assert.match(start.stderr, /error {2}CONFIG_UNKNOWN_TYPE[^]*run: harness plugins install graph/)
  })

  it('says where the codes are described: in a file that is there', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write('services: {api: {type: proces}}')
    for (const command of ['validate', 'start']) {
      const {stderr} = await sandbox.run(command)
      const [, file = ''] = /^The codes are described in (.*)#diagnostics$/m.exec(stderr) ?? []
      assert.ok(existsSync(file), stderr)
      assert.equal(stderr.match(/codes are described/g)?.length, 1)
    }
    assert.doesNotMatch((await sandbox.run('validate', '--quiet')).stderr, /codes are described/)
  })
})
