import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {diagnosticsIn, formatDiagnostics} from '../../../src/core/config/format-diagnostics.js'
import type {LocatedDiagnostic} from '../../../src/core/config/problems.js'

const diagnostic: LocatedDiagnostic = {
  severity: 'error',
  code: 'CONFIG_UNKNOWN_KEY',
  message: 'services.api.healthcheck is not a key of a process service.',
  file: 'harness.yaml',
  line: 14,
  column: 7,
  length: 11,
  source: '      healthcheck:',
  path: 'services.api.healthcheck',
  suggestion: "did you mean 'health_check'?",
}

describe('formatDiagnostics', () => {
  it('shows the place, the line and what to do', () => {
    assert.equal(
      formatDiagnostics([diagnostic]),
      [
        'harness.yaml:14:7  error  CONFIG_UNKNOWN_KEY  services.api.healthcheck is not a key of a process service.',
        '   14 |       healthcheck:',
        "              ^^^^^^^^^^^  did you mean 'health_check'?",
      ].join('\n'),
    )
  })

  it('shows of a very long line what is around the place', () => {
    const source = `key: ${'x'.repeat(5000)}HERE${'x'.repeat(5000)}`
    const [, line = '', marks = ''] = formatDiagnostics([{...diagnostic, source, column: 5006, length: 4}]).split('\n')
    assert.equal(line.length, '   14 | '.length + 120)
    assert.equal(line.indexOf('HERE'), marks.indexOf('^^^^'))
  })

  it('colours only when asked', () => {
    assert.ok(!formatDiagnostics([diagnostic]).includes('\u001B'))
    assert.ok(formatDiagnostics([diagnostic], {colour: true}).includes('\u001B[31merror\u001B[0m'))
  })

  it('takes out control characters, so that a file cannot write on the terminal', () => {
    const evil = '\u001B[31m\u0007\u009B1m\u202Eb'
    const text = formatDiagnostics([
      {...diagnostic, message: evil, source: `\t${evil}`, column: 2, length: evil.length, suggestion: evil, file: evil},
    ])
    assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\u202E]/u)
    assert.match(text, /\n {3}14 \|  \[31m1mb\n {9}\^{7} {2}/)
  })

  it('says what it has when there is no place', () => {
    const {severity, code, message, path} = diagnostic
    assert.equal(
      formatDiagnostics([{severity, code, message, path, suggestion: 'a'}]),
      `services.api.healthcheck  error  CONFIG_UNKNOWN_KEY  ${message}\n   a`,
    )
  })
})

describe('diagnosticsIn', () => {
  it('takes the diagnostics out of the details of an error, and nothing else', () => {
    assert.deepEqual(diagnosticsIn({diagnostics: [{...diagnostic}, {code: 5}, null, 'x']}), [diagnostic])
    for (const details of [undefined, null, 5, {}, {diagnostics: 'x'}]) assert.deepEqual(diagnosticsIn(details), [])
  })
})
