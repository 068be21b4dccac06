import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {systemdSpecSchema} from '../../../../src/core/executors/systemd/spec.js'
import {fullUnitName, transientUnitName} from '../../../../src/core/executors/systemd/unit-name.js'
import {compileSchema} from '../../../../src/core/schema/compile.js'

const check = compileSchema(systemdSpecSchema)
const said = (spec: unknown): readonly string[] => check(spec).map(({pointer, expected}) => `${pointer}: ${expected}`)

describe('the target of a unit', () => {
  it('is a unit or a program', () => {
    assert.deepEqual(said({unit: 'nginx.service'}), [])
    assert.deepEqual(said({unit: 'getty@tty1', scope: 'system'}), [])
    assert.deepEqual(
      said({binary: 'sh', args: ['-c', 'true'], properties: {MemoryMax: '1G', Environment: ['A=1', 'B=2']}}),
      [],
    )
    assert.deepEqual(said({}), [": must have 'unit' or 'binary'"])
    assert.deepEqual(said({unit: 'a', binary: 'sh'}), ["/binary: cannot stand beside 'unit': the unit says it itself"])
  })

  it('names no option and no pattern where a unit is meant', () => {
    for (const unit of ['', '-H', '--host=x', 'a*', 'a b', 'a/b', '[x]', 'a\nb'])
      assert.notDeepEqual(said({unit}), [], unit)
  })

  it('leaves to harness what harness needs', () => {
    const saidOf = (name: string): readonly string[] => said({binary: 'sh', properties: {[name]: 'x'}})
    for (const name of ['Restart', 'ExecStopPost', 'Type', 'StandardOutput']) {
      assert.deepEqual(saidOf(name), [`/properties/${name}: is set by harness itself`])
    }
    for (const name of ['lower', '--x', 'A=B', '']) assert.match(saidOf(name).join(), /is no setting of systemd/, name)
  })
})

describe('the name of a unit', () => {
  const instance = '01234567-89ab-cdef-0123-456789abcdef'

  it('says whose it is', () => {
    assert.equal(
      transientUnitName({stack: 'shop-1', service: 'api', instance}),
      `harness-shop-1-api-${instance}.service`,
    )
  })

  it('is one that systemd takes, whatever the service is called', () => {
    for (const service of ['a b', 'a@b', 'ü', 'a/b', '\\x2d', 'x'.repeat(300), '-']) {
      const name = transientUnitName({stack: service, service, instance})
      assert.match(name, /^[A-Za-z0-9:_.-]{1,251}\.service$/)
    }
  })

  it('is a service where it does not say what it is', () => {
    assert.equal(fullUnitName('nginx'), 'nginx.service')
    assert.equal(fullUnitName('nginx.service'), 'nginx.service')
    assert.equal(fullUnitName('org.example.App'), 'org.example.App.service')
    assert.equal(fullUnitName('backup.timer'), 'backup.timer')
  })
})
