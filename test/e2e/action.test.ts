import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {BaseDaemon} from '../../src/core/daemon/base-daemon.js'
import {chainPlugin} from '../support/chain-plugin.js'
import {root, Sandbox, until} from '../support/harness.js'
import {beginHeard, endOf} from '../support/heard.js'

/** A daemon of the sandbox in this process, with the chain of the fixture plugin. */
async function daemonWithChain(sandbox: Sandbox): Promise<BaseDaemon> {
  const {version} = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {version: string}
  const core = {name: '@service-harness/cli', version, kind: 'core', api: '^1.0'} as const
  return BaseDaemon.builder()
    .withStateDirectory(sandbox.state)
    .withVersion(version)
    .withPlugins([{...core, load: () => import('../../src/hooks/register.js')}, chainPlugin])
    .build()
}

const lines = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)

describe('harness action', function () {
  this.timeout(60_000)

  it('lists the actions of services, and carries them out', async () => {
    await using sandbox = await Sandbox.make()
    await using _daemon = await daemonWithChain(sandbox)
    await sandbox.write('services: {chain: {service_type: chain, ports: {rpc: 0}}}\n')
    const list = await sandbox.run('action', 'list')
    assert.match(list.stdout, /^chain +mine +Mines blocks\.$/m)
    const early = await sandbox.run('action', 'run', 'chain', 'mine', '-p', 'blocks=1')
    assert.deepEqual([early.code, /Service 'chain' does not run/.test(early.stderr)], [4, true], early.stderr)

    assert.equal((await sandbox.run('start')).code, 0)
    const one = await sandbox.run('action', 'list', 'chain')
    assert.match(one.stdout, /^ +blocks +integer +How many\.$/m)
    const fields = await sandbox.run('completion', '--line', 'harness action run chain mine --param ')
    assert.equal(fields.stdout, 'blocks=\nlabel=\n')
    const words = await sandbox.run('action', 'run', 'chain', 'mine', '--param', 'blocks=2')
    assert.deepEqual([words.code, words.stdout], [0, '{"block":1}\n{"block":2}\n{"height":2}\n'], words.stderr)
    assert.match(words.stderr, /^mining 2$/m)
    const json = await sandbox.run('action', 'run', 'chain', 'mine', '--input', '{"blocks": 1}', '--json')
    assert.deepEqual(lines(json.stdout), [{event: {block: 1}}, {output: {height: 1}}])

    const failed = await sandbox.run('action', 'run', 'chain', 'fail', '--json')
    const error = {
      code: 'ACTION_FAILED',
      message: "Action 'chain fail' failed: no gas.",
      hint: 'Buy some.',
      details: null,
    }
    assert.deepEqual([failed.code, lines(failed.stdout)], [4, [{error}]])
    const late = await sandbox.run('action', 'run', 'chain', 'wait', '--timeout', '50ms')
    assert.deepEqual([late.code, late.stdout], [4, 'waiting\n'])
    assert.match(late.stderr, /it took longer than 50 ms/)
    const cancelled = beginHeard(sandbox, 'action', 'run', 'chain', 'wait')
    await until(() => cancelled.text().includes('waiting'), 'it waits')
    cancelled.child.kill('SIGINT')
    assert.equal((await endOf(cancelled)).code, 130)
    assert.match(cancelled.text(), /^The daemon cancels 'wait' of service 'chain'\. /m)
    const bad = await sandbox.run('action', 'run', 'chain', 'mine', '-p', 'blocks=none')
    assert.deepEqual([bad.code, /\/blocks must be integer/.test(bad.stderr)], [2, true], bad.stderr)
    const unknown = await sandbox.run('action', 'run', 'chain', 'dig')
    assert.deepEqual([unknown.code, /No action is called 'dig'/.test(unknown.stderr)], [2, true], unknown.stderr)
    assert.equal((await sandbox.run('stop')).code, 0)
  })
})
