import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import {describe, it} from 'mocha'
import type {CommandSpec} from '@service-harness/cli/plugin'
import {openTestHost} from '@service-harness/cli/testing'
import {layer} from '../src/layer.js'
import register from '../src/register.js'

describe('the layer', () => {
  const command: CommandSpec = {
    program: 'make',
    args: ['-C', 'a folder', 'all'],
    env: {CC: 'gcc'},
    cwd: '/src',
    stdin: {text: 'yes\n'},
  }

  it('puts itself before the program, and leaves its arguments as they are', () => {
    const {program, args} = layer.wrap(command, {niceness: 10})
    assert.deepEqual([program, ...args], ['nice', '-n', '10', 'make', '-C', 'a folder', 'all'])
  })

  it('keeps the environment, the folder and the input', () => {
    const {env, cwd, stdin} = layer.wrap(command, {niceness: 10})
    assert.deepEqual({env, cwd, stdin}, {env: {CC: 'gcc'}, cwd: '/src', stdin: {text: 'yes\n'}})
  })

  it('is pure: the same answer each time, and the command is not touched', () => {
    const before = structuredClone(command)
    assert.deepEqual(layer.wrap(command, {niceness: 1}), layer.wrap(command, {niceness: 1}))
    assert.deepEqual(command, before)
  })

  it('can be laid over itself', () => {
    const {args} = layer.wrap(layer.wrap(command, {niceness: 1}), {niceness: 2})
    assert.deepEqual(args.slice(0, 6), ['-n', '2', 'nice', '-n', '1', 'make'])
  })

  it('says in one line what it does', () => {
    assert.equal(layer.describe({niceness: 10}), 'nice -n 10')
  })

  it('does what it says', async () => {
    // Without arguments `nice` prints the niceness that it has.
    const asked: CommandSpec = {program: 'nice', args: [], env: {}}
    const own = Number(await outputOf(asked))
    assert.equal(Number(await outputOf(layer.wrap(asked, {niceness: 3}))), Math.min(own + 3, 19))
  })

  it('is taken by the host', async () => {
    await using host = await openTestHost({register})
    const {types} = await host.client.types.list({})
    const found = types.find(({sort, name}) => sort === 'layer' && name === 'my-plugin')
    assert.deepEqual(found?.schemas, {spec: layer.specSchema})
  })
})

async function outputOf({program, args}: CommandSpec): Promise<string> {
  const {stdout} = await promisify(execFile)(program, args)
  return stdout
}
