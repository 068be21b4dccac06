import {strict as assert} from 'node:assert'
import {describe, it} from 'mocha'
import {errorTable, type ErrorCode} from '../../../src/core/base/error-table.js'
import {HarnessError} from '../../../src/core/base/errors.js'
import {fromErrorObject, readErrorObject, toErrorObject} from '../../../src/core/protocol/errors.js'
import {rpcCodes} from '../../../src/core/protocol/messages.js'

const travel = (error: unknown): HarnessError => {
  const object = readErrorObject(JSON.parse(JSON.stringify(toErrorObject(error, 'service.start'))))
  assert.ok(object)
  return fromErrorObject(object, 'service.start')
}

const fieldsOf = ({code, message, subject, reason, hint, details, exit}: HarnessError): object => ({
  code,
  message,
  subject,
  reason,
  hint,
  details,
  exit,
})

describe('errors on the wire', () => {
  it('arrive as they were, for every code of the table', () => {
    for (const code of Object.keys(errorTable) as ErrorCode[]) {
      const sent = new HarnessError(code, {subject: 'api', reason: 'of this', hint: 'Do that.', details: {n: [1]}})
      assert.deepEqual(fieldsOf(travel(sent)), fieldsOf(sent))
    }
  })

  it('have the codes of JSON-RPC where it has one', () => {
    const codeOf = (code: ErrorCode): number => toErrorObject(new HarnessError(code, {subject: 'x'}), 'x').code
    assert.equal(codeOf('CANCELLED'), rpcCodes.cancelled)
    assert.equal(codeOf('METHOD_UNKNOWN'), rpcCodes.methodNotFound)
    assert.equal(codeOf('REQUEST_INVALID'), rpcCodes.invalidParams)
    assert.equal(codeOf('INTERNAL'), rpcCodes.internalError)
    assert.equal(codeOf('SERVICE_UNKNOWN'), rpcCodes.harness)
  })

  it('are INTERNAL when something else was thrown, and tell no stack', () => {
    const error = travel(new TypeError('x is not a function'))
    assert.equal(error.code, 'INTERNAL')
    assert.match(error.message, /'service.start': x is not a function/)
    assert.ok(!JSON.stringify(toErrorObject(new TypeError('x'), 'y')).includes('.ts'))
  })

  it('keep a code that this side does not know yet', () => {
    const object = {code: -32_000, message: 'New trouble.', data: {code: 'NEW_TROUBLE', hint: 'Upgrade.'}}
    const error = fromErrorObject(object, 'service.start')
    assert.equal(error.code, 'INTERNAL')
    assert.equal(error.hint, 'Upgrade.')
    assert.deepEqual(error.details, {code: 'NEW_TROUBLE'})
    assert.equal(fromErrorObject({code: rpcCodes.methodNotFound, message: 'x'}, 'y').code, 'METHOD_UNKNOWN')
  })
})
