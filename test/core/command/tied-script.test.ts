import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {tiedScript} from '../../../src/core/command/tied-script.js'
import {temporaryFolder} from '../process/temporary.js'

describe('what a shell ends', () => {
  it('is ended by force when its grace is over, also where each pause takes far longer than it says', async () => {
    using folder = temporaryFolder()
    writeFileSync(path.join(folder.path, 'sleep'), '#!/bin/sh\necho >>"$SLEEPS"\nexec /bin/sleep 0.5\n', {mode: 0o755})
    const sleeps = path.join(folder.path, 'sleeps')
    const {PATH = ''} = process.env
    const script = tiedScript(`exec sh -c 'trap "" TERM; echo begun; while :; do /bin/sleep 0.1; done'`, {
      graceMs: 4000,
      to: 'input',
    })
    const shell = spawn('sh', ['-c', script], {
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
      env: {PATH: `${folder.path}:${PATH}`, SLEEPS: sleeps},
    })
    await once(shell.stdout, 'data')
    shell.stdin.end()
    await once(shell, 'exit')
    // 30 tenths of a second
    const count = readFileSync(sleeps, 'utf8').length
    assert.ok(count > 0 && count < 10, `${count} pauses`)
  })
})
