import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {createLog} from '../../../src/core/base/log.js'
import {createRedactor, redactLog} from '../../../src/core/base/redactor.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'

function knowing(...secrets: readonly string[]): ReturnType<typeof createRedactor> {
  const redactor = createRedactor((text) => text === 'postgres')
  redactor.know(secrets)
  return redactor
}

function sent(redactor: ReturnType<typeof createRedactor>, message: object): unknown {
  return JSON.parse(JSON.stringify(message, redactor.replacer))
}

describe('a redactor', () => {
  it('leaves everything alone while it knows no secret', () => {
    assert.equal(createRedactor().replacer, undefined)
    assert.equal(createRedactor().text('hunter2'), 'hunter2')
  })

  it('masks a secret wherever it stands in a text', () => {
    const redactor = knowing('hunter2')
    assert.equal(redactor.text('pw=hunter2, again hunter2.'), 'pw=***, again ***.')
    assert.deepEqual(sent(redactor, {text: 'hunter2', list: [{reason: 'xhunter2x'}]}), {
      text: '***',
      list: [{reason: 'x***x'}],
    })
  })

  it('masks it as JSON and URLs write it', () => {
    const redactor = knowing('p"a s/s\\word')
    assert.equal(redactor.text(JSON.stringify({pw: 'p"a s/s\\word'})), '{"pw":"***"}')
    assert.equal(redactor.text(`postgresql://u:${encodeURIComponent('p"a s/s\\word')}@db`), 'postgresql://u:***@db')
  })

  it('masks each line of one with several lines', () => {
    const redactor = knowing('-----BEGIN-----\nMIIabc\n-----END-----')
    assert.equal(redactor.text('> MIIabc'), '> ***')
  })

  it('masks the longer of two that begin alike', () => {
    assert.equal(knowing('pass', 'password1').text('password1'), '***')
  })

  it('takes a secret for text, not for a pattern', () => {
    assert.equal(knowing('a.*b$').text('a.*b$ axxb$'), '*** axxb$')
  })

  it('leaves what is too short to be told from anything else', () => {
    assert.equal(knowing('abc').text('abc'), 'abc')
  })

  it('leaves words of the protocol and names that people gave, which a password may equal', () => {
    const redactor = knowing('postgres')
    assert.deepEqual(sent(redactor, {name: 'postgres', started: ['postgres'], text: 'pw postgres'}), {
      name: 'postgres',
      started: ['postgres'],
      text: 'pw ***',
    })
  })

  it('masks what programs and plugins made, whatever its keys are called, and the keys', () => {
    const redactor = knowing('hunter2')
    const made = {name: 'hunter2', code: ['hunter2'], state: {type: 'my hunter2'}, hunter2: 1}
    const masked = {name: '***', code: ['***'], state: {type: 'my ***'}, '***': 1}
    for (const key of ['output', 'outputs', 'event', 'env', 'details', 'config']) {
      assert.deepEqual(sent(redactor, {status: [{[key]: made}]}), {status: [{[key]: masked}]}, key)
    }
  })

  it('masks it as URLs are written by what writes them', () => {
    const secret = "p@ss/w:rd?#&=+ %41;,~'ü"
    const redactor = knowing(secret)
    const url = new URL('http://localhost/')
    url.username = secret
    url.password = secret
    assert.equal(redactor.text(url.href), 'http://***:***@localhost/')
    const path = new URL('http://localhost/')
    path.pathname = secret
    assert.equal(redactor.text(path.href), 'http://localhost/***')
    assert.equal(redactor.text(new URLSearchParams({a: secret, b: 'c'}).toString()), 'a=***&b=c')
  })

  it('does not break on half a pair of surrogates', () => {
    assert.equal(knowing('ab\uD800cd').text('x ab\uD800cd'), 'x ***')
  })

  it('masks what a log is given', () => {
    const lines: string[] = []
    const log = redactLog(
      createLog({clock: new FakeClock(), level: 'debug', write: (line) => lines.push(line)}),
      knowing('hunter2'),
    )
    log.with({a: 'hunter2'}).error('failed with hunter2', {error: {message: 'hunter2'}})
    assert.equal(lines.join('').includes('hunter2'), false)
    assert.match(lines.join(''), /failed with \*\*\*/)
  })
})
