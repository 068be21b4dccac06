import assert from 'node:assert/strict'
import {fileURLToPath} from 'node:url'
import {Config} from '@oclif/core'
import {describe, it} from 'mocha'
import Keys from '../src/commands/my-plugin/keys.js'

describe('harness my-plugin keys', () => {
  it('asks the store for its keys', async () => {
    assert.deepEqual(await asked('store'), ['action:run', ['store', 'list']])
  })

  it('hands on which stack is meant, and how the answer is to look', async () => {
    assert.deepEqual(await asked('store', '-c', 'other.yaml', '--json'), [
      'action:run',
      ['store', 'list', '--config', 'other.yaml', '--json'],
    ])
  })

  it('needs the name of a service', async () => {
    await assert.rejects(asked(), /Missing 1 required arg/)
  })
})

/** What the command makes of its arguments: the command that it runs, and the arguments of that. */
async function asked(...argv: string[]): Promise<readonly unknown[]> {
  const config = await Config.load({root: fileURLToPath(new URL('..', import.meta.url)), userPlugins: false})
  const calls: (readonly unknown[])[] = []
  const runCommand = (...call: readonly unknown[]): Promise<void> => {
    calls.push(call)
    return Promise.resolve()
  }
  await new Keys(argv, Object.assign(config, {runCommand})).run()
  return calls[0] ?? []
}
