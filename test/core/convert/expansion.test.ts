import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {expand} from '../../../src/core/convert/process-compose/expansion.js'
import {render} from '../../../src/core/convert/process-compose/go-template.js'
import {interpolate} from '../../../src/core/config/interpolate.js'
import {resolveTemplate} from '../../../src/core/config/template.js'

describe('the variables of process-compose', () => {
  // What a shell got from process-compose 1.122 for the first text, with A=a and nothing else set.
  const cases: readonly (readonly [theirs: string, ours: string, meant: string])[] = [
    ['plain', 'plain', 'plain'],
    ['${A}', '${A}', 'a'],
    ['$A', '$$A', '$A'],
    ['$$A', '$$A', '$A'],
    ['$$$$', '$$$$', '$$'],
    ['$', '$$', '$'],
    ['$(pwd)', '$$(pwd)', '$(pwd)'],
    ['${B:-d}', '${B:-d}', 'd'],
    ['${B:=d}', '${B:-d}', 'd'],
    ['${B=d}', '${B:-d}', 'd'],
    ['${B:?d}', '${B:-d}', 'd'],
    ['${A:+d}', '${A:-d}', 'a'],
    ['${B:-${A}}', '${B:-${A}}', 'a'],
    ['${B:-x$$y}z', '${B:-x$$y}z', 'x$yz'],
    ['open ${A', 'open $$${A'.replace('${A', '{A'), 'open ${A'],
  ]
  for (const [theirs, ours, meant] of cases) {
    it(`${theirs} is ${ours}, which means ${meant}`, () => {
      const {text, lost} = expand(theirs, 'plain')
      assert.equal(text, ours)
      assert.deepEqual(lost, [])
      const filled = interpolate(text, 'template', (name) => (name === 'A' ? 'a' : undefined))
      assert.equal(
        resolveTemplate(filled.text, () => ''),
        meant,
      )
    })
  }

  it('leaves functions to a shell, and says what is lost where there is none', () => {
    assert.deepEqual(expand('${A^^}', 'shell'), {text: '$${A^^}', lost: []})
    assert.deepEqual(expand('${A^^}', 'plain'), {text: '${A}', lost: ['${A^^}']})
    assert.deepEqual(expand('${#A}', 'plain').lost, ['${#A}'])
  })
})

describe('the templates of process-compose', () => {
  const vars = new Map([['NAME', 'x']])
  const cases: readonly (readonly [template: string, text: string, lost: number])[] = [
    ['a {{.NAME}} b', 'a x b', 0],
    ['a {{ .NAME }} b', 'a x b', 0],
    ['a {{- .NAME -}} b', 'axb', 0],
    ['{{.NONE}}', '<no value>', 0],
    ['{{ "{{.State}}" }}', '{{.State}}', 0],
    ['{{`raw`}}', 'raw', 0],
    ['a{{/* nothing */}}b', 'ab', 0],
    ['{{if .NAME}}y{{end}}', '{{if .NAME}}y{{end}}', 2],
    ['{"a": {"b": 1}}', '{"a": {"b": 1}}', 0],
  ]
  for (const [template, text, lost] of cases) {
    it(`${template} is ${text}`, () => {
      const rendered = render(template, vars)
      assert.equal(rendered.text, text)
      assert.equal(rendered.lost.length, lost)
    })
  }
})
