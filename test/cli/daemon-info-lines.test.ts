import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {daemonInfoLines} from '../../src/cli/daemon-info-lines.js'
import {createStyle} from '../../src/cli/style.js'

const info = {
  pid: 7,
  version: '1.0.0',
  epoch: 'e',
  uptimeMs: 61_000,
  publicKey: 'SHA256:x',
  listeners: ['unix:/state/daemon.sock', 'wss://127.0.0.1:9443'],
  stateDir: '/state',
  stacks: [{stack: 'demo-1', name: 'demo', file: '/project/harness.yaml', running: 1, total: 2}],
  problems: [],
  pluginChanges: [],
  stateProblem: null,
}

describe('what `daemon status` shows', () => {
  const lines = (change: Partial<typeof info> = {}) => daemonInfoLines({...info, ...change}, createStyle(false))

  it('is the daemon, where it listens, and its stacks', () => {
    assert.deepEqual(lines(), [
      'pid         7',
      'version     1.0.0',
      'uptime      1m 1s',
      'listens at  unix:/state/daemon.sock  wss://127.0.0.1:9443',
      'public key  SHA256:x',
      'state       /state',
      '',
      'STACK  RUNNING  FILE',
      'demo   1 of 2   /project/harness.yaml',
    ])
    assert.equal(lines({stacks: []}).length, 6)
  })

  it('has the ids of stacks of the same name', () => {
    const twins = ['/left', '/right'].map((folder) => ({
      ...{stack: `shop-${folder.slice(1)}`, name: 'shop', file: `${folder}/harness.yaml`, running: 0, total: 1},
    }))
    assert.deepEqual(lines({stacks: [...info.stacks, ...twins]}).slice(-4), [
      'STACK       RUNNING  FILE',
      'demo        1 of 2   /project/harness.yaml',
      'shop-left   0 of 1   /left/harness.yaml',
      'shop-right  0 of 1   /right/harness.yaml',
    ])
  })

  it('cannot steer the terminal, whatever a path or a name holds', () => {
    const evil = '/tmp/\u001B]0;owned\u0007\u001B[31mred\u009B2J\nstate       /forged'
    const shown = lines({
      version: evil,
      listeners: [evil],
      stateDir: evil,
      stacks: [{stack: evil, name: evil, file: evil, running: 0, total: 0}],
    })
    assert.doesNotMatch(shown.join(''), /\p{Cc}/u)
    assert.equal(shown.length, lines().length)
  })
})
