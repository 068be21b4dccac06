import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {openTestHost, type TestHost} from '@service-harness/cli/testing'
import register from '../src/register.js'

describe('a service of the executor', () => {
  it('runs in the folder of its stack, and what it prints is kept', async () => {
    await using host = await openTestHost({register})
    await using stack = await host.start({
      services: {api: {type: 'my-plugin', script: 'pwd; exec sleep 600', health_check: {log: '^/'}}},
    })
    const {services} = await stack.status()
    assert.deepEqual(
      services.map(({state}) => state),
      ['Running'],
    )
    const lines: string[] = []
    for await (const {text} of stack.logs()) lines.push(text)
    assert.deepEqual(lines, [host.folder])
  })

  it('ends with all that it has started', async () => {
    await using host = await openTestHost({register})
    await using stack = await host.start({services: {api: serviceWithStray}})
    const stray = await strayOf(host)
    assert.equal(await isAlive(stray), true)
    await stack.stop()
    assert.equal(await isAlive(stray), false)
  })

  it('ends when another daemon takes over', async () => {
    await using host = await openTestHost({register})
    await using _stack = await host.start({services: {api: serviceWithStray}})
    const stray = await strayOf(host)
    assert.equal(await isAlive(stray), true)
    await host.restart()
    assert.equal(await isAlive(stray), false)
  })
})

/** It starts a program in a session of its own, which no signal to its process group reaches. In a stack file `$$` is a `$`. */
const serviceWithStray = {
  type: 'my-plugin',
  script: `setsid sh -c 'echo $$$$ >pid; exec sleep 600' & while [ ! -s pid ]; do sleep 0.02; done; echo ready; wait`,
  health_check: {log: '^ready'},
}

async function strayOf({folder}: TestHost): Promise<number> {
  return Number(await readFile(path.join(folder, 'pid'), 'utf8'))
}

/** One that was killed and that nobody has waited for yet has no command line. */
async function isAlive(pid: number): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return commandLine !== ''
}
