import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {interpolate} from '../../../src/core/config/interpolate.js'
import {resolveTemplate} from '../../../src/core/config/template.js'

const values: Readonly<Record<string, string>> = {
  SET: 'value',
  OTHER: 'other',
  EMPTY: '',
  DOLLAR: 'a$b${c}$$d',
  _under1: 'u',
}
const variables = (name: string): string | undefined => values[name]

const plain: readonly (readonly [text: string, result: string])[] = [
  ['no variables', 'no variables'],
  ['', ''],
  ['${SET}', 'value'],
  ['$SET', 'value'],
  ['a$SET-b', 'avalue-b'],
  ['$SET.port', 'value.port'],
  ['${SET}${OTHER}', 'valueother'],
  ['$_under1', 'u'],
  ['${SET:-default}', 'value'],
  ['${EMPTY:-default}', 'default'],
  ['${UNSET:-default}', 'default'],
  ['${UNSET:-}', ''],
  ['${SET-default}', 'value'],
  ['${EMPTY-default}', ''],
  ['${UNSET-default}', 'default'],
  ['${UNSET-example.com}', 'example.com'],
  ['${UNSET:-a:-b}', 'a:-b'],
  ['${SET:+alternative}', 'alternative'],
  ['${EMPTY:+alternative}', ''],
  ['${UNSET:+alternative}', ''],
  ['${EMPTY+alternative}', 'alternative'],
  ['${UNSET+alternative}', ''],
  ['${SET:?message}', 'value'],
  ['${EMPTY?message}', ''],
  ['${UNSET:-${SET}}', 'value'],
  ['${UNSET:-${GONE:-deep}}', 'deep'],
  ['${UNSET:-a${SET}b$OTHER}c', 'avaluebotherc'],
  ['${SET:+${OTHER}}', 'other'],
  ['${UNSET:-{"a":1}}', '{"a":1}'],
  ['$$', '$'],
  ['$$SET', '$SET'],
  ['$${SET}', '${SET}'],
  ['$$$SET', '$value'],
  ['$$$$', '$$'],
  ['${UNSET:-$$}', '$'],
  ['${UNSET:-$${a}}', '${a}'],
  ['${DOLLAR}', 'a$b${c}$$d'],
  ['{SET}', '{SET}'],
  ['${UNSET:-line\nbreak}', 'line\nbreak'],
]

describe('interpolate', () => {
  for (const [text, result] of plain) {
    it(`turns ${JSON.stringify(text)} into ${JSON.stringify(result)}`, () => {
      assert.deepEqual(interpolate(text, 'text', variables), {text: result, findings: []})
    })

    it(`turns ${JSON.stringify(text)} into a template that resolves to the same`, () => {
      const {text: template, findings} = interpolate(text, 'template', variables)
      assert.deepEqual(findings, [])
      assert.equal(
        resolveTemplate(template, () => assert.fail('there is no reference')),
        result,
      )
    })
  }

  const templates: readonly (readonly [text: string, template: string])[] = [
    ['${db.port}', '${db.port}'],
    [
      'http://${graph-node.host}:${graph-node.ports.http}/$$x',
      'http://${graph-node.host}:${graph-node.ports.http}/$$x',
    ],
    ['${task.outputs.Controller}', '${task.outputs.Controller}'],
    ['${UNSET:-http://${api.host}:1}', 'http://${api.host}:1'],
    ['${SET}@${db.host}', 'value@${db.host}'],
    ['${DOLLAR}', 'a$$b$${c}$$$$d'],
    ['$${db.port}', '$${db.port}'],
    ['$$${db.port}', '$$${db.port}'],
  ]
  for (const [text, template] of templates) {
    it(`keeps the references of ${text}`, () => {
      assert.deepEqual(interpolate(text, 'template', variables), {text: template, findings: []})
    })
  }

  it('does not look into the value of a variable', () => {
    const {text} = interpolate('${A}', 'template', () => '${db.port} $B')
    assert.equal(
      resolveTemplate(text, () => assert.fail('there is no reference')),
      '${db.port} $B',
    )
  })

  it('warns of a variable that is not set and uses an empty text', () => {
    const {text, findings} = interpolate('a${UNSET}b$GONE', 'text', variables)
    assert.equal(text, 'ab')
    assert.deepEqual(
      findings.map(({severity, code}) => [severity, code]),
      [
        ['warning', 'CONFIG_UNSET_VARIABLE'],
        ['warning', 'CONFIG_UNSET_VARIABLE'],
      ],
    )
  })

  it('says nothing of a default that is not used', () => {
    assert.deepEqual(interpolate('${SET:-${UNSET}}', 'text', variables).findings, [])
  })

  const errors: readonly (readonly [text: string, message: RegExp])[] = [
    ['${UNSET:?the key of the shop}', /'UNSET' must be set: the key of the shop\./],
    ['${EMPTY:?${OTHER} is needed}', /'EMPTY' is empty, but must have a value: other is needed\./],
    ['${UNSET?}', /'UNSET' must be set\./],
    ['${SET', /no closing brace/],
    ['${UNSET:-${SET}', /no closing brace/],
    ['${}', /neither a variable nor a reference/],
    ['${1A}', /neither a variable nor a reference/],
    ['${SET!x}', /neither a variable nor a reference/],
    ['${db.port:-5432}', /neither a variable nor a reference/],
  ]
  for (const [text, message] of errors) {
    it(`refuses ${text}`, () => {
      const {findings} = interpolate(text, 'template', variables)
      assert.match(findings[0]?.message ?? '', message)
      assert.notEqual(findings[0]?.severity, 'warning')
    })
  }

  it('refuses a reference where the value must be known at once', () => {
    assert.match(interpolate('${db.port}', 'text', variables).findings[0]?.message ?? '', /cannot stand here/)
  })
})
