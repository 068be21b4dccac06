import assert from 'node:assert/strict'
import {hostname} from 'node:os'
import {describe, it} from 'mocha'
import {parseListen} from '../../src/cli/parse-listen.js'

describe('--listen', () => {
  it('is that address exactly, or the usual one with a way out', () => {
    assert.deepEqual(parseListen({listen: '127.0.0.1:7000'}), {host: '127.0.0.1', port: 7000, exact: true})
    assert.deepEqual(parseListen({listen: '[::1]:7000'}), {host: '::1', port: 7000, exact: true})
    assert.deepEqual(parseListen({listen: undefined}), {host: '127.0.0.1', port: 9443, exact: false})
  })

  it('is wrong usage in any other form', () => {
    for (const text of ['', '7000', 'localhost:', 'a:b:1', '127.0.0.1:70000']) {
      assert.throws(() => parseListen({listen: text}), {code: 'USAGE'}, text)
    }
  })

  it('of an address that other machines can reach wants --allow-remote, and knows the names of this machine', () => {
    const listen = '0.0.0.0:9443'
    assert.throws(() => parseListen({listen}), {
      code: 'USAGE',
      reason: 'other machines can reach this address, and whoever has the token can run programs as this user',
      hint: 'Write --listen 0.0.0.0:9443 --allow-remote when that is what you want, or --listen 127.0.0.1:9443.',
    })
    const {names = [], ...address} = parseListen({
      listen,
      'allow-remote': true,
      'host-name': ['build.example.org', 'gate.example.org:443'],
    })
    assert.deepEqual(address, {host: '0.0.0.0', port: 9443, exact: true})
    for (const name of [hostname(), '127.0.0.1', 'build.example.org', 'gate.example.org:443']) {
      assert.ok(names.includes(name), name)
    }
    for (const name of ['', 'a b', 'http://x', 'x/y', '-x', 'x:port']) {
      assert.throws(() => parseListen({listen, 'allow-remote': true, 'host-name': [name]}), {code: 'USAGE'}, name)
    }
  })

  it('is missed where names or strangers are spoken of', () => {
    assert.throws(() => parseListen({'allow-remote': true}), {code: 'USAGE'})
    assert.throws(() => parseListen({'host-name': ['x']}), {code: 'USAGE'})
  })
})
