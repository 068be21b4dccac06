import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {type ErrorCode, errorTable} from '../../../src/core/base/error-table.js'
import {HarnessError, isErrorCode, isHarnessError, messageOf, systemCode} from '../../../src/core/base/errors.js'

const codes = Object.keys(errorTable) as ErrorCode[]

describe('error table', () => {
  for (const code of codes) {
    describe(code, () => {
      const error = new HarnessError(code, {subject: 'the-subject'})

      it('says in one sentence what happened to what', () => {
        assert.match(error.message, /^[A-Z'h].*the-subject.*\.$/)
        assert.doesNotMatch(error.message, /[{}\n]|\.\.$/)
      })

      it('puts a reason behind it, with one full stop', () => {
        const withReason = new HarnessError(code, {subject: 'x', reason: 'it is too late.'})
        assert.match(withReason.message, /: it is too late\.$/)
        assert.equal(withReason.reason, 'it is too late')
      })

      it('has a hint that is a sentence', () => {
        assert.match(error.hint, /^[A-Z].*\.$/)
        assert.doesNotMatch(error.hint, /[{}]/)
      })

      it('ends a command with the code of its family', () => {
        assert.ok([1, 2, 3, 4, 5, 6, 7, 75, 130].includes(error.exit), String(error.exit))
      })
    })
  }
})

describe('HarnessError', () => {
  it('takes a subject as it is, whatever characters it has', () => {
    assert.equal(
      new HarnessError('SERVICE_UNKNOWN', {subject: "$& $1 {subject} '"}).message,
      "No service is called '$& $1 {subject} ''.",
    )
  })

  it('lets the place that raises it say the next step, and keeps cause and details', () => {
    const cause = new Error('ENOENT')
    const error = new HarnessError('PORT_BUSY', {subject: '80', hint: 'Use 8080.', details: {port: 80}, cause})
    assert.deepEqual([error.hint, error.details, error.cause], ['Use 8080.', {port: 80}, cause])
  })

  it('has no cause when there is none', () => {
    assert.equal('cause' in new HarnessError('PORT_BUSY', {subject: '80'}), false)
  })
})

describe('recognising errors', () => {
  it('goes by code, not by class, and never by an inherited name', () => {
    const foreign = Object.assign(new Error('x'), {code: 'PORT_BUSY', hint: 'h'})
    assert.equal(isHarnessError(foreign), true)
    assert.equal(isHarnessError(Object.assign(new Error('x'), {code: 'ENOENT', hint: 'h'})), false)
    assert.equal(isHarnessError({code: 'PORT_BUSY', hint: 'h'}), false)
    assert.equal(isErrorCode('toString'), false)
  })

  it("finds the system's code", () => {
    assert.equal(systemCode(Object.assign(new Error('x'), {code: 'ENOENT'})), 'ENOENT')
    assert.equal(systemCode(Object.assign(new Error('x'), {code: 7})), undefined)
    assert.equal(systemCode('ENOENT'), undefined)
  })

  it('has a text for anything that can be thrown', () => {
    const hostile = {
      get message(): string {
        throw new Error('no')
      },
    }
    const thrown = [
      new Error('a'),
      new TypeError(),
      'b',
      undefined,
      null,
      7,
      {message: 'c'},
      {d: 1},
      Symbol('e'),
      hostile,
    ]
    assert.deepEqual(thrown.map(messageOf), [
      'a',
      'TypeError',
      'b',
      'undefined',
      'null',
      '7',
      'c',
      '{"d":1}',
      'Symbol(e)',
      'an object that cannot be shown',
    ])
    assert.equal(messageOf(Object.create(null)), '{}')
  })
})
