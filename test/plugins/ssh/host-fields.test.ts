import assert from 'node:assert/strict'
import {checkHostFields, parseJump, type HostFields} from '../../../plugins/ssh/src/address/host-fields.js'
import {refusal, sshParts} from './ssh-parts.js'

const hostile = [
  '-oProxyCommand=touch /tmp/pwned',
  '-oProxyCommand=x',
  '--',
  '',
  ' ',
  'a b',
  'a\nb',
  'a\0b',
  'a;id',
  '$(id)',
  '`id`',
  'a|b',
  'host:22',
  'user@host',
  'a/b',
  '\u202Ehost',
  '\u001B[31mred',
  '[::1',
  'x'.repeat(254),
]

describe('the fields of a host', () => {
  for (const host of ['example.org', 'a', 'a-b_c.d', '10.0.0.1', '::1', '[fe80::1]', 'bücher.example'])
    it(`take ${host}`, () => {
      assert.equal(checkHostFields({host}), undefined)
    })

  for (const host of hostile)
    it(`refuse ${JSON.stringify(host).slice(0, 40)}`, () => {
      const problem = checkHostFields({host})
      assert.ok(problem)
      assert.equal(problem.field, 'host')
      assert.doesNotMatch(problem.reason, /[\p{Cc}\p{Cf}]/u)
    })

  const others: readonly (readonly [keyof HostFields, Partial<HostFields>])[] = [
    ['user', {user: ''}],
    ['user', {user: '-l'}],
    ['user', {user: 'a b'}],
    ['user', {user: 'a;b'}],
    ['port', {port: 0}],
    ['port', {port: 65_536}],
    ['port', {port: 1.5}],
    ['port', {port: Number.NaN}],
    ['key', {key: ''}],
    ['key', {key: 'a\nb'}],
    ['jump', {jump: 'a,-oProxyCommand=x'}],
    ['jump', {jump: ['a:99999']}],
    ['jump', {jump: 'a@'}],
    ['jump', {jump: ''}],
  ]
  for (const [field, fields] of others)
    it(`refuse ${JSON.stringify(fields)}`, () => {
      assert.equal(checkHostFields({host: 'a', ...fields})?.field, field)
    })

  it('name hosts on the way with user and port', () => {
    assert.deepEqual(parseJump('ann@b.example:2222'), {user: 'ann', host: 'b.example', port: 2222})
    assert.deepEqual(parseJump('ssh://b'), {host: 'b'})
    assert.deepEqual(parseJump('[::1]:22'), {host: '::1', port: 22})
    assert.deepEqual(parseJump('ann@::1'), {user: 'ann', host: '::1'})
  })

  it('are checked before anything is opened', async () => {
    await using parts = sshParts('')
    const error = await refusal(parts.pool.hold({host: '-oProxyCommand=touch /tmp/pwned'}))
    assert.equal(error.code, 'SSH_ADDRESS_INVALID')
    assert.equal(error.subject, 'host')
    assert.match(error.message, /begins with '-'/)
  })

  it('are checked also where the configuration names the host', async () => {
    await using parts = sshParts('Host there\n  HostName -oProxyCommand=x\n')
    const error = await refusal(parts.pool.hold({host: 'there'}))
    assert.equal(error.code, 'SSH_CONFIG_INVALID')
    assert.match(error.message, /ssh_config:2/)
  })
})
