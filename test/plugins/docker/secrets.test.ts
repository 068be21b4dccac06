import assert from 'node:assert/strict'
import {readdir, readFile} from 'node:fs/promises'
import {randomBytes} from 'node:crypto'
import {describe, it} from 'mocha'
import {succeeds} from './commands.js'
import {withEngine} from './with-engine.js'

const canary = (): string => `canary${randomBytes(8).toString('hex')}`

/** Everything that anybody on this machine can read of the command lines of others. */
async function commandLines(): Promise<string> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.join('\n')
}

describe('plugins/docker, secrets', function () {
  this.timeout(60_000)
  const engine = withEngine()

  it('reach containers, and stand in no command line, output or log; the engine shows them to those who may use it', async () => {
    await using sandbox = await engine().sandbox()
    const secret = canary()
    sandbox.variables = {...sandbox.variables, SOURCE: secret}
    const script = 'echo "the word is $WORD"; echo ready; sleep 600'
    const target = {type: 'docker', image: 'busybox:local', init: true, command: ['sh', '-c', script]}
    const web = {target, env: {WORD: '${secret.word}'}}
    await sandbox.write(JSON.stringify({name: 'vault', secrets: {word: {env: 'SOURCE'}}, services: {web}}))
    const outputs = [await succeeds(sandbox, 'start')]
    const inside = await succeeds(sandbox, 'exec', 'web', '--', 'sh', '-c', 'echo ${#WORD}')
    assert.equal(inside.trim(), String(secret.length))
    const {container} = (await sandbox.json<{services: readonly {container: string}[]}>('status')).services[0] ?? {}
    assert.ok((await engine().docker('inspect', container ?? '')).includes(secret))
    outputs.push(await commandLines())
    for (const args of [
      ['status', '--detailed'],
      ['status', '--json'],
      ['logs', '--tail', 'all'],
      ['env', 'web'],
    ]) {
      outputs.push(await succeeds(sandbox, ...args))
    }
    for (const args of [['info', 'web', '--json'], ['daemon', 'logs'], ['stop']]) {
      outputs.push(await succeeds(sandbox, ...args))
    }
    for (const output of outputs) assert.ok(!output.includes(secret), output)
    assert.match(outputs.join('\n'), /the word is (?!canary)/)
  })
})
