import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {describeError, silentExit} from '../../src/cli/describe-error.js'
import {printError} from '../../src/cli/print-error.js'
import {createStyle} from '../../src/cli/style.js'
import type {Terminal} from '../../src/cli/terminal.js'
import {HarnessError} from '../../src/core/base/errors.js'
import {controls} from '../support/hostile-names.js'

/** A terminal that remembers. */
function recording(over: Partial<Terminal> = {}): {terminal: Terminal; out: string[]; err: string[]} {
  const out: string[] = []
  const err: string[] = []
  const style = createStyle(false)
  const terminal: Terminal = {
    json: false,
    quiet: false,
    verbose: false,
    colour: false,
    style,
    errorStyle: style,
    out: (line) => out.push(line),
    raw: (lines) => out.push(lines),
    data: (value) => out.push(JSON.stringify(value)),
    note: (line) => err.push(line),
    warn: (line) => err.push(line),
    ...over,
  }
  return {terminal, out, err}
}

const unknown = new HarnessError('SERVICE_UNKNOWN', {subject: 'apy', hint: "Did you mean 'api'?"})
const parsing = Object.assign(new Error('Nonexistent flag: --nope\nSee more help with --help'), {oclif: {exit: 2}})

describe('an error at the command line', () => {
  it('that nobody expected steers no terminal, its stack neither', async () => {
    const {terminal, err} = recording({verbose: true})
    await printError(new Error('bad \x1b]0;title\x07\x9b2J\nother │ fake'), terminal)
    assert.ok(err.some((line) => line.startsWith('    at ')))
    for (const line of err) assert.equal(controls.test(line), false, line)
  })

  it('of ours is its message, its hint, and the exit code of its family', async () => {
    const {terminal, out, err} = recording()
    assert.equal(await printError(unknown, terminal), 2)
    assert.deepEqual(err, ["Error: No service is called 'apy'.", "  Did you mean 'api'?"])
    assert.deepEqual(out, [])
  })

  it('is JSON on standard output with --json', async () => {
    const {terminal, out, err} = recording({json: true})
    assert.equal(await printError(new HarnessError('STATE_LOCKED', {subject: '/s', details: {pid: 7}}), terminal), 75)
    const printed = JSON.parse(out[0]!) as {error: object}
    assert.deepEqual(Object.keys(printed.error), ['code', 'message', 'hint', 'details'])
    assert.deepEqual(
      {...printed.error, message: '', hint: ''},
      {code: 'STATE_LOCKED', message: '', hint: '', details: {pid: 7}},
    )
    assert.deepEqual(err, [])
  })

  it('of the command line itself is wrong usage', async () => {
    const {terminal, err} = recording()
    assert.equal(await printError(parsing, terminal), 2)
    assert.deepEqual(err, ['Error: Nonexistent flag: --nope', '  Run the command with --help to see how it is used.'])
    assert.equal(describeError(Object.assign(new Error('nope is not a command'), {oclif: {exit: 127}})).exit, 2)
  })

  it('that nobody expected is a mistake of harness, with its stack only when asked for', async () => {
    const quiet = recording()
    assert.equal(await printError(new TypeError('x is not a function'), quiet.terminal), 1)
    assert.match(quiet.err[0]!, /^Error: harness made a mistake of its own: x is not a function\.$/)
    assert.doesNotMatch(quiet.err.join('\n'), /errors\.test\.ts/)
    const verbose = recording({verbose: true})
    await printError(new TypeError('x is not a function'), verbose.terminal)
    assert.match(verbose.err.join('\n'), /errors\.test\.ts/)
  })

  it('shows the problems of a stack file where they stand', async () => {
    const problem = {
      severity: 'error',
      code: 'CONFIG_UNKNOWN_KEY',
      message: 'services.api.prots is not a key of a process service.',
      file: 'harness.yaml',
      line: 3,
      column: 5,
      length: 5,
      source: '    prots: [1]',
      path: 'services.api.prots',
      suggestion: "did you mean 'ports'?",
    }
    const error = new HarnessError('CONFIG_INVALID', {subject: 'harness.yaml', details: {diagnostics: [problem]}})
    const words = recording()
    assert.equal(await printError(error, words.terminal), 3)
    assert.match(words.err.join('\n'), /harness\.yaml:3:5[^]*prots: \[1\][^]*\^\^\^\^\^[^]*Error: The stack file/)
    const data = recording({json: true})
    await printError(error, data.terminal)
    const {error: printed} = JSON.parse(data.out[0]!) as {error: {details: {diagnostics: object[]}}}
    assert.deepEqual(Object.keys(printed.details.diagnostics[0]!), [
      'severity',
      'code',
      'message',
      'file',
      'line',
      'column',
      'path',
      'suggestion',
      'docs',
    ])
    assert.match(words.err.join('\n'), /\nThe codes are described in \/.*\/docs\/config\.md#diagnostics\n/)
    assert.match(data.out[0]!, /"docs":"docs\/config\.md#config_unknown_key"/)
    const quiet = recording({quiet: true})
    await printError(error, quiet.terminal)
    assert.doesNotMatch(quiet.err.join('\n'), /config\.md/)
  })

  it('cannot move the cursor', async () => {
    const {terminal, err} = recording()
    await printError(new HarnessError('SERVICE_UNKNOWN', {subject: 'a\x1B[2Jb\rc'}), terminal)
    assert.equal(err[0], "Error: No service is called 'ab c'.")
  })

  it('that only asks for an exit says nothing', () => {
    const exit = Object.assign(new Error('EEXIT: 0'), {code: 'EEXIT', oclif: {exit: 0}})
    assert.equal(silentExit(exit), 0)
    assert.equal(silentExit(unknown), undefined)
    assert.equal(silentExit('text'), undefined)
  })
})
