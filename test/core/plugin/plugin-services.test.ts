import assert from 'node:assert/strict'
import {mkdtemp, readdir, rm, stat} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, it} from 'mocha'

import {systemClock} from '../../../src/core/base/clock.js'
import {isHarnessError} from '../../../src/core/base/errors.js'
import {createLog} from '../../../src/core/base/log.js'
import type {PluginServices} from '../../../src/core/contract/services.js'
import {lentServices} from '../../../src/core/process/lent.js'
import {createPluginServices} from '../../../src/core/plugin/plugin-services.js'

describe('plugin services', () => {
  let directory = ''
  let lines: string[] = []

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'harness-test-'))
    lines = []
  })
  afterEach(async () => {
    await rm(directory, {recursive: true})
  })

  function servicesOf(name: string, run: PluginServices['run'] = () => assert.fail('it ran')): PluginServices {
    return createPluginServices({
      name,
      stateDirectory: directory,
      log: createLog({clock: systemClock, level: 'info', write: (line) => lines.push(line)}),
      lent: {...lentServices(systemClock), run},
    })
  }

  it('makes a private folder for the plugin when it is first asked for', async () => {
    const services = servicesOf('docker')
    assert.deepEqual(await readdir(directory), [])
    assert.equal(services.stateDir, path.join(directory, 'docker'))
    assert.equal((await stat(services.stateDir)).mode & 0o777, 0o700)
  })

  it('gives every package a folder of its own, inside of the state directory', () => {
    const names = ['a-b', '@a/b', 'a_b', '../a-b', '@A/b', 'x'.repeat(200), 'x'.repeat(201)]
    const folders = names.map((name) => servicesOf(name).stateDir)
    assert.equal(new Set(folders).size, names.length)
    for (const folder of folders) assert.equal(path.dirname(folder), directory)
  })

  it('marks its lines of the log', () => {
    servicesOf('docker').log.warn('no engine', {socket: '/run/x'})
    const {level, message, plugin, socket} = JSON.parse(lines[0]!) as Record<string, unknown>
    assert.deepEqual([level, message, plugin, socket], ['warn', 'no engine', 'docker', '/run/x'])
  })

  it('lends commands and channels', async () => {
    const services = servicesOf('docker', ({program}) =>
      Promise.resolve({status: {by: 'code', code: 0}, stdout: program, stderr: ''}),
    )
    const result = await services.run({program: 'docker', args: [], env: {}}, new AbortController().signal)
    assert.equal(result.stdout, 'docker')
    const channel = services.channel<number>()
    const reader = channel.stream.subscribe()
    channel.emit(1)
    assert.deepEqual(await reader.next(), {done: false, value: 1})
  })

  it('makes errors of the documented table', () => {
    const cause = new Error('ENOENT')
    const error = servicesOf('docker').error('EXECUTOR_UNAVAILABLE', {reason: 'no engine', hint: 'Start it.', cause})
    assert.ok(isHarnessError(error))
    assert.equal(error.message, "The executor 'docker' cannot be used here: no engine.")
    assert.deepEqual([error.code, error.hint, error.cause], ['EXECUTOR_UNAVAILABLE', 'Start it.', cause])
  })

  it('makes PLUGIN_FAILED of a code that it does not know, and keeps what it said', () => {
    const error = servicesOf('docker').error('NO_IMAGE', {subject: 'redis:7', reason: 'not found'})
    assert.equal('code' in error && error.code, 'PLUGIN_FAILED')
    assert.equal(error.message, "Plugin 'docker' could not be loaded: NO_IMAGE: 'redis:7': not found.")
  })
})
