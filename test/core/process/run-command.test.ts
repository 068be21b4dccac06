import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {identify} from '../../../src/core/process/identity.js'
import {runCommand} from '../../../src/core/process/run-command.js'
import {eventually, never} from './temporary.js'

const env = {PATH: process.env['PATH'] ?? '/usr/bin:/bin'}
const sh = (script: string, signal = never) => runCommand({program: 'sh', args: ['-c', script], env}, signal)

describe('a one-off command', () => {
  it('answers with its code and what it printed', async () => {
    assert.deepEqual(await sh('echo out; echo err >&2; exit 3'), {
      status: {by: 'code', code: 3},
      stdout: 'out\n',
      stderr: 'err\n',
    })
  })

  it('sees only its own environment and the text it is fed', async () => {
    const result = await runCommand(
      {program: 'sh', args: ['-c', 'cat; env'], env: {...env, ONE: '1'}, stdin: {text: 'fed\n'}, cwd: '/tmp'},
      never,
    )
    assert.match(result.stdout, /^fed\n/)
    assert.match(result.stdout, /^ONE=1$/m)
    assert.doesNotMatch(result.stdout, /^HOME=/m)
  })

  it('sees the end of standard input at once', async () => {
    assert.deepEqual((await sh('cat; echo done')).stdout, 'done\n')
  })

  it('says which signal ended it', async () => {
    assert.deepEqual((await sh('kill -KILL $$')).status, {by: 'signal', signal: 'SIGKILL'})
  })

  it('says why it could not be run, as a shell would by its code', async () => {
    const missing = await runCommand({program: 'no-such-thing', args: [], env}, never)
    assert.equal(missing.status.by === 'code' && missing.status.code, 127)
    assert.match(missing.stderr, /'no-such-thing' was not found in PATH/)
    const nowhere = await runCommand({program: 'sh', args: [], env, cwd: '/no/such/folder'}, never)
    assert.match(nowhere.stderr, /'\/no\/such\/folder' does not exist/)
  })

  it('keeps 1 MiB of each stream and lets the program go on', async () => {
    const {status, stdout} = await sh('head -c 3000000 /dev/zero | tr "\\0" x; exit 4')
    assert.deepEqual([status, stdout.length], [{by: 'code', code: 4}, 1024 * 1024])
  })

  it('does not wait for a grandchild that holds its output, nor leave its group behind', async () => {
    const begin = performance.now()
    const {stdout} = await sh('sleep 600 & echo $!; setsid sleep 0.8 & exit 0')
    assert.ok(performance.now() - begin < 700, 'it did not wait')
    await eventually(() => identify(Number(stdout)) === undefined)
  })

  it('kills its whole group when it is cancelled', async () => {
    const cancel = new AbortController()
    const {path} = await import('./temporary.js').then(({temporaryFolder}) => temporaryFolder())
    const {existsSync, readFileSync, rmSync} = await import('node:fs')
    const running = sh(
      `trap '' TERM; sleep 600 & echo $! > ${path}/pid; mv ${path}/pid ${path}/ready; wait`,
      cancel.signal,
    )
    await eventually(() => existsSync(`${path}/ready`))
    const pid = Number(readFileSync(`${path}/ready`, 'utf8'))
    cancel.abort(new Error('too slow'))
    await assert.rejects(running, /too slow/)
    await eventually(() => identify(pid) === undefined)
    rmSync(path, {recursive: true})
  })
})
