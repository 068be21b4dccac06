import assert from 'node:assert/strict'
import {execFile, execFileSync, spawn} from 'node:child_process'
import {chmodSync, copyFileSync, existsSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {promisify} from 'node:util'
import {Agents} from '../../../plugins/ssh/src/agent/agents.js'
import type {HostFields} from '../../../plugins/ssh/src/address/host-fields.js'
import {never, temporaryFolder} from '../../core/process/temporary.js'
import {until} from '../../support/harness.js'
import {needs} from '../../support/needs.js'
import {authorize, hasSshd, makeKey, startSshd, type Sshd} from '../../support/sshd.js'
import {refusal, sshParts} from './ssh-parts.js'

const run = promisify(execFile)
const passphrase = 'a very secret phrase'

describe('whoever comes to a host', () => {
  let sshd: Sshd
  let folder: ReturnType<typeof temporaryFolder>
  const ended: Disposable[] = []
  const at = (name: string): string => path.join(folder.path, name)

  before(async function () {
    needs(this, hasSshd(), 'sshd and the rights of root')
    folder = temporaryFolder()
    sshd = await startSshd()
    ended.push(folder, sshd)
    for (const name of ['stranger', 'friend']) await makeKey(at(name))
    await makeKey(at('locked'), {passphrase})
    await makeKey(at('rsa'), {type: 'rsa'})
    for (const name of ['friend', 'locked', 'rsa']) authorize(sshd, at(name))
  })
  after(() => {
    for (const one of ended) one[Symbol.dispose]()
  })

  const config = (more: string): string =>
    `Host there\n HostName 127.0.0.1\n Port ${sshd.port}\n UserKnownHostsFile ${sshd.knownHosts}\n${more}\n`

  async function connecting(more: string, fields: Partial<HostFields> = {}, env: NodeJS.ProcessEnv = {}) {
    const parts = sshParts(config(more), {env})
    try {
      const host = await parts.pool.hold({host: 'there', ...fields})
      await host.connect(never)
    } finally {
      await parts[Symbol.asyncDispose]()
      assert.ok(!parts.logged().includes(passphrase))
    }
  }

  it('is let in with a key that the configuration names', () => connecting(`IdentityFile ${at('friend')}`))

  it('is let in with an RSA key', () => connecting(`IdentityFile ${at('rsa')}`))

  it('is let in with the key of the stack, and no other is tried', async () => {
    await connecting(`IdentityFile ${at('stranger')}`, {key: at('friend')})
    const error = await refusal(connecting(`IdentityFile ${at('friend')}`, {key: at('stranger')}))
    assert.equal(error.code, 'SSH_AUTH_FAILED')
    assert.ok(error.message.includes(at('stranger')) && !error.message.includes(at('friend')))
  })

  it('is let in with the second key, when the first is not taken', () =>
    connecting(`IdentityFile ${at('stranger')}\nIdentityFile ${at('friend')}`))

  it('is told which keys were tried', async () => {
    const error = await refusal(connecting(`IdentityFile ${at('stranger')}\nIdentityFile ${at('missing')}`))
    assert.match(
      error.message,
      /does not let this user in: none of these keys was taken: .*stranger; '.*missing' does not exist\.$/,
    )
    assert.match(error.hint, /ssh-copy-id/)
  })

  it('is told that a key is encrypted, and how to load it', async () => {
    const error = await refusal(connecting(`IdentityFile ${at('locked')}`))
    assert.match(error.message, /there is no key to try; '.*locked' is encrypted\.$/)
    assert.match(error.hint, /`ssh-add .*locked`/)
  })

  it('is let in with an encrypted key and its passphrase, which is shown nowhere', async () => {
    await connecting(`IdentityFile ${at('locked')}`, {passphrase})
    const error = await refusal(connecting(`IdentityFile ${at('locked')}`, {passphrase: 'wrong and secret'}))
    assert.match(error.message, /encrypted with another passphrase/)
    assert.ok(!JSON.stringify([error.message, error.hint, error.details]).includes('wrong and secret'))
  })

  it('is let in with the passphrase that was given last, also where somebody has come with another or none before', async () => {
    await using parts = sshParts(config(`IdentityFile ${at('locked')}`))
    const agents = new Agents(parts.services, (fields) => parts.pool.hold(fields))
    using wrong = await agents.hold({host: 'there', passphrase: 'wrong and secret'})
    assert.equal((await refusal(wrong.agent.connect(never))).code, 'SSH_AUTH_FAILED')
    using right = await agents.hold({host: 'there', passphrase})
    using _without = await agents.hold({host: 'there'})
    await using _alone = await parts.pool.hold({host: 'there'})
    await right.agent.host.connect(never)
    assert.equal(right.agent, wrong.agent)
  })

  it('has no use for a key that others can read', async () => {
    copyFileSync(at('friend'), at('open'))
    chmodSync(at('open'), 0o644)
    const error = await refusal(connecting(`IdentityFile ${at('open')}`))
    assert.match(error.message, /can be read by others: run `chmod 600/)
  })

  it('has no use for a file that is no key', async () => {
    writeFileSync(at('text'), 'hello\n', {mode: 0o600})
    assert.match((await refusal(connecting(`IdentityFile ${at('text')}`))).message, /is no key that harness can use/)
  })

  it('has no password', async () => {
    const other = await startSshd({settings: ['PubkeyAuthentication no', 'PasswordAuthentication yes']})
    try {
      await using parts = sshParts(
        `Host there\n HostName 127.0.0.1\n Port ${other.port}\n UserKnownHostsFile ${other.knownHosts}\n IdentityFile ${other.key}\n`,
      )
      await using host = await parts.pool.hold({host: 'there'})
      const error = await refusal(host.connect(never))
      assert.equal(error.code, 'SSH_AUTH_FAILED')
      assert.match(error.message, /it takes password, and harness has keys only/)
    } finally {
      other[Symbol.dispose]()
    }
  })

  describe('with an agent', () => {
    let agent: {readonly socket: string; stop(): void}

    before(async () => {
      agent = await startAgent(at('agent'))
      for (const name of ['stranger', 'friend'])
        await run('ssh-add', ['-q', at(name)], {env: {...process.env, SSH_AUTH_SOCK: agent.socket}})
    })
    after(() => {
      agent.stop()
    })

    it('is let in with one of its keys', () => connecting(`IdentityFile none`, {}, {SSH_AUTH_SOCK: agent.socket}))

    it('is let in with the agent that the configuration names', () =>
      connecting(`IdentityAgent ${agent.socket}\nIdentityFile none`))

    it('is let in with a key that only the agent can open', async () => {
      copyFileSync(`${at('friend')}.pub`, at('only.pub'))
      await connecting(`IdentityAgent ${agent.socket}\nIdentitiesOnly yes\nIdentityFile ${at('only.pub')}`)
    })

    it('shows none of its other keys when it must not', async () => {
      const error = await refusal(
        connecting(`IdentityAgent ${agent.socket}\nIdentitiesOnly yes\nIdentityFile ${at('stranger')}`),
      )
      const print =
        execFileSync('ssh-keygen', ['-lf', `${at('stranger')}.pub`])
          .toString()
          .split(' ')[1] ?? ''
      assert.ok(error.message.includes(`none of these keys was taken: ssh-ed25519 ${print} of the agent`))
    })

    it('that does not answer is told', async () => {
      const error = await refusal(connecting(`IdentityAgent ${at('nowhere')}\nIdentityFile ${at('stranger')}`))
      assert.match(error.message, /the agent at .*nowhere does not answer/)
    })
  })
})

async function startAgent(socket: string) {
  const agent = spawn('ssh-agent', ['-D', '-a', socket], {stdio: 'ignore'})
  await until(() => existsSync(socket), 'the agent is there')
  return {
    socket,
    stop: () => {
      agent.kill()
    },
  }
}
