import assert from 'node:assert/strict'
import {mkdirSync, writeFileSync} from 'node:fs'
import {homedir, userInfo} from 'node:os'
import path from 'node:path'
import type {HostFields} from '../../../plugins/ssh/src/address/host-fields.js'
import {resolveAddress} from '../../../plugins/ssh/src/address/resolve-address.js'
import {refusal, sshParts} from './ssh-parts.js'

const me = userInfo().username

/** What a configuration makes of a host. */
async function resolved(config: string, fields: HostFields, env: NodeJS.ProcessEnv = {}) {
  await using parts = sshParts(config)
  const said: string[] = []
  const address = await resolveAddress(parts.services, fields, {
    env: {...parts.env, ...env},
    debug: (message) => said.push(message),
  })
  return {...address, said}
}

describe("OpenSSH's configuration", () => {
  it('is not needed', async () => {
    const address = await resolved('', {host: 'a.example'})
    assert.deepEqual([address.host, address.port, address.user], ['a.example', 22, me])
    assert.ok(
      address.identities.some(({file, isNamed}) => file === path.join(homedir(), '.ssh/id_ed25519') && !isNamed),
    )
    assert.deepEqual(address.knownHosts.user[0], path.join(homedir(), '.ssh/known_hosts'))
  })

  it('says host, user, port, and how long to wait', async () => {
    const config = 'Host a\n HostName=%h.example.org\n\tUser  "ann"\n  port 2222 # the other one\nConnectTimeout = 3\n'
    const address = await resolved(config, {host: 'a'})
    assert.deepEqual([address.host, address.port, address.user], ['a.example.org', 2222, 'ann'])
    assert.equal(address.connectTimeoutMs, 3000)
  })

  it('gives way to the fields of the stack', async () => {
    const config = 'Host a\n User ann\n Port 2222\n IdentityFile ~/one\n ProxyJump b\n'
    const address = await resolved(config, {host: 'a', user: 'bob', port: 3333, key: '~/two', jump: 'c,d'})
    assert.deepEqual([address.user, address.port], ['bob', 3333])
    assert.deepEqual(address.identities, [{file: path.join(homedir(), 'two'), isNamed: true}])
    assert.equal(address.identitiesOnly, true)
    assert.deepEqual(address.jumps, [{host: 'c'}, {host: 'd'}])
  })

  it('takes the first of what is said twice, and all identities', async () => {
    const config = 'User one\nHost a\n User two\n IdentityFile ~/a\nHost *\n IdentityFile ~/b\n User three\n'
    const address = await resolved(config, {host: 'a'})
    assert.equal(address.user, 'one')
    assert.deepEqual(
      address.identities.map(({file}) => path.basename(file)),
      ['a', 'b'],
    )
  })

  it('knows patterns, and patterns that rule out', async () => {
    const config = 'Host *.example !b.example\n User ann\nHost ?.other "c d"\n User bob\n'
    assert.equal((await resolved(config, {host: 'A.EXAMPLE'})).user, 'ann')
    assert.equal((await resolved(config, {host: 'b.example'})).user, me)
    assert.equal((await resolved(config, {host: 'x.other'})).user, 'bob')
    assert.equal((await resolved(config, {host: 'xy.other'})).user, me)
  })

  it('fills in tokens and variables', async () => {
    const config = [
      'Host a',
      ' HostName h.example',
      ' User ann',
      ' Port 2222',
      ` IdentityFile %d/%n-%h-%r-%u-%p-%%-\${WHO}`,
      ' IdentityAgent ~/agent',
      ' UserKnownHostsFile ~/one "~/t w o"',
    ].join('\n')
    const address = await resolved(config, {host: 'a'}, {WHO: 'me'})
    assert.equal(address.identities[0]?.file, `${homedir()}/a-h.example-ann-${me}-2222-%-me`)
    assert.equal(address.agent, path.join(homedir(), 'agent'))
    assert.deepEqual(address.knownHosts.user, [path.join(homedir(), 'one'), path.join(homedir(), 't w o')])
  })

  it('names the agent, another one, or none', async () => {
    const env = {SSH_AUTH_SOCK: '/one', OTHER: '/two'}
    assert.equal((await resolved('', {host: 'a'}, env)).agent, '/one')
    assert.equal((await resolved('IdentityAgent SSH_AUTH_SOCK', {host: 'a'}, env)).agent, '/one')
    assert.equal((await resolved('IdentityAgent $OTHER', {host: 'a'}, env)).agent, '/two')
    assert.equal((await resolved('IdentityAgent none', {host: 'a'}, env)).agent, undefined)
  })

  it('names hosts on the way', async () => {
    const config = 'Host a\n ProxyJump ann@b:2222,c\nHost d\n ProxyJump none\n'
    assert.deepEqual((await resolved(config, {host: 'a'})).jumps, [{user: 'ann', host: 'b', port: 2222}, {host: 'c'}])
    assert.deepEqual((await resolved(config, {host: 'd'})).jumps, [])
    assert.deepEqual((await resolved(config, {host: 'a', jump: 'none'})).jumps, [])
  })

  it('includes other files, for the hosts of that place', async () => {
    await using parts = sshParts('')
    mkdirSync(path.join(parts.folder, 'more.d'))
    writeFileSync(path.join(parts.folder, 'more.d', '1'), 'User ann\nHost b\n Port 2222\n')
    writeFileSync(path.join(parts.folder, 'more.d', '2'), 'User bob\n')
    writeFileSync(
      parts.configFile,
      `Host a\n Include ${parts.folder}/more.d/*\n ConnectTimeout 4\nHost b\n User carl\n`,
    )
    const of = (host: string) => resolveAddress(parts.services, {host}, {env: parts.env})
    const [a, b] = [await of('a'), await of('b')]
    assert.deepEqual([a.user, a.port, a.connectTimeoutMs], ['ann', 22, 4000])
    assert.deepEqual([b.user, b.port], ['carl', 22])
  })

  it('does not follow files that include themselves for ever', async () => {
    await using parts = sshParts('')
    writeFileSync(parts.configFile, `Include ${parts.configFile}\n`)
    const error = await refusal(resolveAddress(parts.services, {host: 'a'}, {env: parts.env}))
    assert.equal(error.code, 'SSH_CONFIG_INVALID')
  })

  it('is asked for all hosts by `Match all`; other matches are passed over, with a word', async () => {
    const config = 'Match exec "touch /tmp/pwned"\n User ann\nMatch all\n User bob\n'
    const address = await resolved(config, {host: 'a'})
    assert.equal(address.user, 'bob')
    assert.match(address.said.join('\n'), /ssh_config:1: 'Match exec touch \/tmp\/pwned' is not looked at/)
  })

  for (const [config, reason] of [
    ['Port many\n', /ssh_config:1.*a number from 1 to 65535/],
    ['\nUser "ann\n', /ssh_config:2.*a quote is not closed/],
    ['User\n', /'User' has no value/],
    ['?\n', /a keyword is expected/],
    ['ProxyCommand nc %h %p\n', /ssh_config:1.*runs no 'ProxyCommand'/],
    ['ProxyJump -oProxyCommand=x\n', /ssh_config:1.*begins with '-'/],
  ] as const)
    it(`says where it is wrong: ${JSON.stringify(config)}`, async () => {
      await using parts = sshParts(config)
      const error = await refusal(parts.pool.hold({host: 'a'}))
      assert.equal(error.code, 'SSH_CONFIG_INVALID')
      assert.match(error.message, reason)
    })

  it('that leads in a circle is told', async () => {
    await using parts = sshParts('Host a\n ProxyJump b\nHost b\n ProxyJump a\n')
    const error = await refusal(parts.pool.hold({host: 'a'}))
    assert.equal(error.code, 'SSH_CONFIG_INVALID')
    assert.match(error.message, /a:22 is reached through itself/)
  })
})
