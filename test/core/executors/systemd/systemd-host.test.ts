import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {localSystemdHost} from '../../../../src/core/executors/systemd/systemd-host.js'
import {isAlive, until} from '../../../support/harness.js'
import {never} from '../../process/temporary.js'

describe('a command that is followed', () => {
  const follow = async (script: string, signal = never, lead?: string): Promise<string> => {
    let text = ''
    const command = {program: 'sh', args: ['-c', script], env: {}, ...(lead !== undefined && {lead})}
    for await (const bytes of localSystemdHost().follow(command, signal)) text += Buffer.from(bytes).toString()
    return text
  }

  it('is read to its end, and what it is told first is held open', async () => {
    assert.equal(await follow('cat; echo end'), 'end\n')
    assert.equal(await follow('read -r line; echo "$line"', never, 'told\n'), 'told\n')
  })

  it('says why it failed', async () => {
    await assert.rejects(follow('echo part; echo no right to read it >&2; exit 1'), {message: 'no right to read it'})
    await assert.rejects(follow('exit 3'), {message: "'sh' ended with 3"})
    const missing = localSystemdHost().follow({program: '/no/such/program', args: [], env: {}}, never)
    await assert.rejects(
      async () => {
        for await (const _ of missing) assert.fail('it has printed something')
      },
      {code: 'ENOENT'},
    )
  })

  it('ends without an error when nobody wants it any more, with all that it has started', async () => {
    const given = new AbortController()
    const command = {program: 'sh', args: ['-c', 'sleep 600 & echo $!; wait'], env: {PATH: process.env['PATH'] ?? ''}}
    let child = 0
    for await (const bytes of localSystemdHost().follow(command, given.signal)) {
      child = Number(Buffer.from(bytes).toString())
      given.abort()
    }
    assert.ok(child > 0)
    await until(async () => !(await isAlive(child)), 'its child has ended')
  })
})
