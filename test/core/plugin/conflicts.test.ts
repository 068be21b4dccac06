import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {systemClock} from '../../../src/core/base/clock.js'
import type {Catalogue} from '../../../src/core/contract/catalogue.js'
import {collectPlugins} from '../../../src/core/plugin/host.js'
import type {PluginSource} from '../../../src/core/plugin/plugin-source.js'
import {core, servicesFor, source, taskType} from './fixture-plugins.js'

function collect(...sources: readonly PluginSource[]): Promise<Catalogue> {
  return collectPlugins(sources, {clock: systemClock, deadlineMs: 100, servicesFor})
}

function bringing(name: string, types: readonly string[], requires: readonly string[] = []): PluginSource {
  return source(name, {name, requires, taskTypes: types.map(taskType)})
}

describe('plugin conflicts', () => {
  it('loads neither of two user plugins that bring one type, and names both to both', async () => {
    const catalogue = await collect(
      core(),
      bringing('a', ['deploy']),
      bringing('b', ['deploy']),
      bringing('c', ['other']),
    )
    const message =
      "Several plugins bring 'task type deploy': it comes from 'a' 1.0.0 (user) and 'b' 1.0.0 (user); none of them is loaded."
    assert.deepEqual(
      catalogue.problems.map((problem) => [problem.name, problem.code, problem.message]),
      [
        ['a', 'PLUGIN_CONFLICT', message],
        ['b', 'PLUGIN_CONFLICT', message],
      ],
    )
    assert.deepEqual(catalogue.names.taskTypes, ['command', 'other'])
  })

  it('does not let a plugin that core has beaten fight another', async () => {
    const catalogue = await collect(core(), bringing('a', ['command', 'deploy']), bringing('b', ['deploy']))
    assert.deepEqual(
      catalogue.problems.map(({name}) => name),
      ['a'],
    )
    assert.deepEqual(catalogue.names.taskTypes, ['command', 'deploy'])
  })

  it('refuses two core plugins that bring one type', async () => {
    const other = source('plugin-core-two', {name: 'two', taskTypes: [taskType('command')]}, {kind: 'core'})
    await assert.rejects(collect(core(), other), {
      code: 'PLUGIN_CONFLICT',
      message: /'@service-harness\/cli' 1\.0\.0 \(core\) and 'plugin-core-two' 1\.0\.0 \(core\)/,
    })
  })

  it('lets different sorts have one name', async () => {
    const service = {type: 'deploy', summary: 'A service.', configSchema: {}, defaults: () => ({})}
    const catalogue = await collect(
      core(),
      bringing('a', ['deploy']),
      source('b', {name: 'b', serviceTypes: [service]}),
    )
    assert.deepEqual(catalogue.problems, [])
  })

  it('refuses a plugin that brings one type twice, or one that no stack file can name', async () => {
    const {problems} = await collect(core(), bringing('a', ['x', 'x']), bringing('b', ['../x']))
    assert.match(problems[0]!.message, /: it brings the task type 'x' twice\.$/)
    assert.match(problems[1]!.message, /: it gives a task type the name '\.\.\/x', expected one like 'my-type_1'\.$/)
  })
})

describe('plugin requirements', () => {
  it('takes the name that a plugin gives itself, and its package', async () => {
    const catalogue = await collect(core(), bringing('a', ['x'], ['core', '@service-harness/cli']))
    assert.deepEqual(catalogue.problems, [])
  })

  it('leaves out a plugin whose requirement is missing, and those that need it', async () => {
    const {problems, names} = await collect(
      core(),
      bringing('a', ['x'], ['b']),
      bringing('b', ['y'], ['docker', 'ssh']),
    )
    assert.deepEqual(
      problems.map(({message}) => message),
      [
        "Plugin 'b' could not be loaded: version 1.0.0 (user): it requires 'docker', 'ssh', which are not loaded.",
        "Plugin 'a' could not be loaded: version 1.0.0 (user): it requires 'b', which is not loaded.",
      ],
    )
    assert.equal(problems[0]!.hint, 'Run `harness plugins install docker ssh`, or `harness plugins uninstall b`.')
    assert.deepEqual(names.taskTypes, ['command'])
  })

  it('counts a plugin that lost a conflict as missing', async () => {
    const {problems} = await collect(core(), bringing('a', ['command']), bringing('b', ['x'], ['a']))
    assert.deepEqual(
      problems.map(({name, code}) => [name, code]),
      [
        ['a', 'PLUGIN_CONFLICT'],
        ['b', 'PLUGIN_FAILED'],
      ],
    )
  })
})
