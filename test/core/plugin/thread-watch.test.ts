import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {systemClock} from '../../../src/core/base/clock.js'
import {collectPlugins} from '../../../src/core/plugin/host.js'
import {watchThread} from '../../../src/core/plugin/thread-watch.js'
import {core, fixture, servicesFor, source, taskType} from './fixture-plugins.js'

/** Long enough for the other thread to begin, on a machine with other work. */
const deadlineMs = 2000

describe('a plugin that never gives the thread back', () => {
  for (const [name, step] of [
    ['loops-in-load', 'its module'],
    ['loops-in-hook', 'its hook'],
    ['loops-in-promises', 'its hook'],
    ['loops-in-executor', 'what it brings'],
  ] as const) {
    it(`is ended and named (${name}); those before and after it are loaded`, async () => {
      const sources = [core(), await fixture('good'), await fixture(name)]
      // By name: one of the good ones comes before it, the other after.
      const after = source('zzz', {name: 'zzz', taskTypes: [taskType('in-time')]})
      const catalogue = await collectPlugins([...sources, after], {
        clock: systemClock,
        deadlineMs,
        servicesFor,
        watch: watchThread,
      })
      assert.deepEqual(
        catalogue.problems.map(({message}) => message),
        [
          `Plugin 'harness-plugin-${name}' could not be loaded: version 1.2.3 (user): ${step} never gave the thread back, and was ended after 2.0 s.`,
        ],
      )
      assert.ok(catalogue.taskType('good-deploy'))
      assert.ok(catalogue.taskType('in-time'))
    })
  }

  it('is no other: one that only waits is given up by this thread itself', async () => {
    const {problems} = await collectPlugins([core(), await fixture('never-settles')], {
      clock: systemClock,
      deadlineMs: 100,
      servicesFor,
      watch: watchThread,
    })
    assert.match(problems[0]?.message ?? '', /its hook did not settle within 100 ms\.$/)
  })
})
