import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import {withMachine} from '../plugins/ssh/with-machine.js'
import {Sandbox} from '../support/harness.js'
import {killDaemonOf, kill9, openClient} from './support/daemon.js'
import {RemoteStack, there} from './support/remote-stack.js'
import {printedRandom, size} from './support/sizes.js'

const kills = size({quick: 3, full: 20})
const services = 10

describe('a daemon that is killed again and again while services on another machine start', function () {
  this.timeout(60_000 + kills * 30_000)
  const machine = withMachine()

  it(`doubles none and leaves none over there in ${kills} kills (L1)`, async () => {
    await using sandbox = await Sandbox.make()
    const {random} = printedRandom()
    const names = Array.from({length: services}, (_, index) => `s${index}`)
    const service = there('sleep 100000 & exec sleep 100000', {shutdown_timeout: '1s'})
    const stack = await RemoteStack.make(sandbox, machine(), Object.fromEntries(names.map((name) => [name, service])))

    for (let kill = 1; kill <= kills; kill += 1) {
      const victim = await openClient(sandbox)
      await stack.load(victim)
      // It is not waited for: the answer is lost with the daemon, the work must not be.
      stack.start(victim).catch(() => undefined)
      await systemClock.sleep(random() * 2000)
      for (const program of await stack.programs()) if (random() < 0.2) kill9(program)
      await killDaemonOf(victim)

      await using client = await openClient(sandbox)
      await stack.settle(client, `kill ${kill}`)
      if (kill % 4 === 0) await stack.stopWholly(client)
    }

    await using client = await openClient(sandbox)
    await stack.stopWholly(client)
  })
})
