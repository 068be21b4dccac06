import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import {newId} from '../../src/core/base/ids.js'
import {loadStack} from '../../src/core/config/load-stack.js'
import type {TaskStatus} from '../../src/core/contract/status.js'
import {Sandbox} from '../support/harness.js'
import {callerEnv, killDaemonOf, openClient} from './support/daemon.js'
import {printedRandom, size} from './support/sizes.js'

const kills = size({quick: 5, full: 50})

describe('a daemon that is killed again and again while a task runs', function () {
  this.timeout(30_000 + kills * 15_000)

  it(`runs it once for each of ${kills} requests, and keeps result and outputs (H4)`, async () => {
    await using sandbox = await Sandbox.make()
    const {random} = printedRandom()
    // The arguments of the shell are its round; the pause is the same for the same seed.
    const rounds = Array.from({length: kills}, (_, index) => ({
      index,
      pause: (random() * 0.6).toFixed(3),
      ill: random() < 0.3,
    }))
    const script = 'echo $1 >> ran; sleep $2; echo ROUND=$1 >> $HARNESS_OUTPUT; echo $1 >> ended; exit $3'
    const tasks = rounds.map(
      ({index, pause, ill}) => `
  t${index}:
    task_type: command
    target: {type: process, binary: sh, args: [-c, '${script.replaceAll('$', '$$$$')}', sh, '${index}', '${pause}', '${ill ? 7 : 0}']}`,
    )
    await sandbox.write(
      `name: torture\nservices: {idle: {type: process, binary: sleep, args: ['1000']}}\ntasks:${tasks.join('')}\n`,
    )
    const {definition} = await loadStack({cwd: sandbox.folder, env: {}})
    const count = async (file: string, round: number): Promise<number> => {
      const text = await readFile(path.join(sandbox.folder, file), 'utf8').catch(() => '')
      return text.split('\n').filter((line) => line === String(round)).length
    }
    const check = ({state, outputs, exit, reason}: TaskStatus, {index, ill}: (typeof rounds)[number]): void => {
      if (ill) assert.deepEqual([state, exit?.code, reason], ['Failed', 7, 'exit 7'])
      else assert.deepEqual([state, outputs], ['Succeeded', {ROUND: String(index), exitCode: 0}])
    }

    for (const round of rounds) {
      const task = `t${round.index}`
      const victim = await openClient(sandbox)
      await victim.call('stack.load', {definition, requestId: newId()})
      const request = {stack: 'torture', task, force: false, env: callerEnv, requestId: newId()}
      // The answer is lost with the daemon, the work must not be.
      victim.call('task.run', request).catch(() => undefined)
      await systemClock.sleep(random() * 800)
      await killDaemonOf(victim)

      await using client = await openClient(sandbox)
      if (random() < 0.3) {
        // Once more, while it finds again what was there.
        await systemClock.sleep(random() * 100)
        await killDaemonOf(client)
      }
      await using last = await openClient(sandbox)
      // Whoever got no answer asks again: the run that there was, or is, is the answer.
      const {task: end} = await last.call('task.run', request)
      check(end, round)
      assert.equal(await count('ran', round.index), 1, `round ${round.index} ran once`)
      assert.equal(await count('ended', round.index), 1, `round ${round.index} ended once`)
    }

    await sandbox.killDaemon()
    await using client = await openClient(sandbox)
    const {tasks: kept} = await client.call('task.list', {stack: 'torture'})
    for (const round of rounds) {
      const found = kept.find(({name}) => name === `t${round.index}`)
      assert.ok(found)
      check(found, round)
      assert.equal(await count('ran', round.index), 1, `round ${round.index} is not run again`)
    }
  })
})
