import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {
  escapeTemplate,
  parseTemplate,
  referencesOf,
  resolveDeep,
  resolveTemplate,
} from '../../../src/core/config/template.js'

describe('references', () => {
  it('are told apart by what they ask for', () => {
    const text =
      '${stack.name} ${stack.dir} ${db.ip} ${db.host} ${db.port} ${db.url} ${db.ports.http} ${t.outputs.a.b} ${db.x} ${db.ports} ${stack.x}'
    assert.deepEqual(
      referencesOf(text).map(({text: _text, of: _of, ...rest}) => rest),
      [
        {kind: 'stack', field: 'name'},
        {kind: 'stack', field: 'dir'},
        {kind: 'address', field: 'ip'},
        {kind: 'address', field: 'host'},
        {kind: 'address', field: 'port'},
        {kind: 'address', field: 'url'},
        {kind: 'port', port: 'http'},
        {kind: 'output', path: ['a', 'b']},
        {kind: 'unknown'},
        {kind: 'unknown'},
        {kind: 'unknown'},
      ],
    )
  })

  it('name what they are of', () => {
    assert.deepEqual(
      referencesOf('${graph-node.url}/${a_b.port}').map((reference) => [reference.of, reference.text]),
      [
        ['graph-node', 'graph-node.url'],
        ['a_b', 'a_b.port'],
      ],
    )
  })
})

describe('resolveTemplate', () => {
  it('fills in references and takes what it is given as it is', () => {
    assert.equal(
      resolveTemplate('a${x.port}$$b', () => '$$${y.port}'),
      'a$$${y.port}$b',
    )
  })

  it('leaves what is no template alone', () => {
    for (const text of ['$', 'a$b', '${', '${x', '${x}', '${x.y', '${ x.y }']) {
      assert.equal(
        resolveTemplate(text, () => assert.fail('there is no reference')),
        text,
      )
      assert.ok(parseTemplate(text).some((part) => part.kind === 'malformed'))
    }
  })

  it('gives back every text that was escaped', () => {
    for (const text of ['$', '$$', '${a.b}', '$${a.b}', 'a$', '$$$a', '${', 'plain', '']) {
      assert.equal(
        resolveTemplate(escapeTemplate(text), () => assert.fail('there is no reference')),
        text,
      )
    }
  })
})

describe('resolveDeep', () => {
  it('reaches every text of a value and no key', () => {
    const value = {'${k.port}': ['${a.port}', {b: '$$'}, 1, true, null]}
    assert.deepEqual(
      resolveDeep(value, (reference) => `<${reference.text}>`),
      {'${k.port}': ['<a.port>', {b: '$'}, 1, true, null]},
    )
  })
})
