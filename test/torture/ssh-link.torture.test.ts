import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import {connectionsTo} from '../plugins/ssh/ssh-parts.js'
import {withMachine} from '../plugins/ssh/with-machine.js'
import {Sandbox, until} from '../support/harness.js'
import {openClient} from './support/daemon.js'
import {RemoteStack, there} from './support/remote-stack.js'
import {measured, percentile, printedRandom, size} from './support/sizes.js'

const cuts = size({quick: 3, full: 50})
const writers = ['one', 'two', 'three']
/** Numbers, on both streams, until it is told to end. */
const numbered = `trap 'exit 9' TERM; i=0; while :; do echo "out $i"; echo "err $i" >&2; i=$((i+1)); sleep 0.01; done`

describe('a link that is cut again and again while services run on the other side', function () {
  this.timeout(60_000 + cuts * 20_000)
  const machine = withMachine()

  it(`touches none of them in ${cuts} cuts, and loses and doubles no line (D3)`, async () => {
    await using sandbox = await Sandbox.make()
    const {random} = printedRandom()
    const services = Object.fromEntries(writers.map((name) => [name, there(numbered, {restart: 'always'})]))
    const stack = await RemoteStack.make(sandbox, machine(), services)
    await using client = await openClient(sandbox)
    await stack.load(client)
    assert.deepEqual((await stack.start(client)).failed, [])
    const programs = await stack.programs()
    const isAll = async (reachability: string): Promise<boolean> =>
      (await stack.status(client)).every((service) => service.reachability === reachability)
    const times: number[] = []

    for (let cut = 1; cut <= cuts; cut += 1) {
      await systemClock.sleep(random() * 400)
      machine().link.cut()
      await until(() => isAll('unknown'), `all is unknown, cut ${cut}`)
      await systemClock.sleep(random() * 500)
      machine().link.mend()
      const began = systemClock.monotonic()
      await until(() => isAll('known'), `all is known again, cut ${cut}`, 30_000)
      times.push(systemClock.monotonic() - began)
      const states = (await stack.status(client)).map(({state, attempt}) => `${state} ${attempt}`)
      assert.deepEqual(
        states,
        writers.map(() => 'Running 1'),
      )
    }
    measured('known again, p95', `${Math.round(percentile(times, 0.95))} ms`)
    assert.deepEqual(await stack.programs(), programs, 'the same processes')
    assert.equal(connectionsTo(machine().link.port), 1, 'one connection for all of them')

    await stack.stopWholly(client)
    for (const name of writers) {
      assert.deepEqual((await stack.of(client, name)).exit?.code, 9)
      await checkLines(sandbox, name)
    }
  })
})

async function checkLines(sandbox: Sandbox, name: string): Promise<void> {
  const {stdout} = await sandbox.run('logs', name, '--tail', 'all')
  const lines = stdout.split('\n').map((line) => line.slice(line.indexOf('│') + 2))
  for (const stream of ['out', 'err']) {
    const numbers = lines.filter((line) => line.startsWith(`${stream} `)).map((line) => Number(line.slice(4)))
    assert.ok(numbers.length > cuts * 10, `${numbers.length} lines`)
    assert.deepEqual(
      numbers.filter((number, index) => number !== index),
      [],
      `${name}, ${stream}`,
    )
  }
}
