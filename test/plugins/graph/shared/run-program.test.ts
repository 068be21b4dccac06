import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {RunningProgram} from '../../../../plugins/graph/src/shared/launch/run-program.js'

describe('plugins/graph: a program in the place of its launch script', () => {
  it('has been heard to its last word when it has ended', async () => {
    const text = `process.stderr.write('x'.repeat(300_000) + 'why'); process.exitCode = 3`
    const program = new RunningProgram({
      ...{program: process.execPath, args: ['-e', text], stopSignal: 'SIGTERM'},
      options: {stdio: ['ignore', 'pipe', 'pipe']},
    })
    let said = ''
    program.child.stdout?.resume()
    program.child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
    assert.deepEqual(await program.ended, {code: 3, signal: null, asked: false})
    assert.equal(said.length, 300_003)
    assert.match(said, /why$/)
  })

  it('is not waited for by what it has left behind, which holds its output', async () => {
    const program = new RunningProgram({
      ...{program: 'sh', args: ['-c', 'sleep 20 & echo $!'], stopSignal: 'SIGTERM'},
      options: {stdio: ['ignore', 'pipe', 'pipe']},
    })
    let said = ''
    program.child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()))
    program.child.stderr?.resume()
    assert.equal((await program.ended).code, 0)
    process.kill(Number(said), 'SIGKILL')
  })
})
