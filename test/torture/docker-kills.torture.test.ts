import assert from 'node:assert/strict'
import {mkdir, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import type {Client} from '../../src/core/client/client.js'
import type {TestEngine} from '../plugins/docker/engine.js'
import {withEngine} from '../plugins/docker/with-engine.js'
import {Sandbox, until} from '../support/harness.js'
import {killDaemonOf, openClient} from './support/daemon.js'
import {container, DockerStack, type SeenContainer} from './support/docker-stack.js'
import {printedRandom, size} from './support/sizes.js'

const kills = size({quick: 2, full: 20})
/** Those that end by themselves, with the code that they end with. */
const codes: Readonly<Record<string, number>> = {three: 3, forty: 40}
const lasting = ['one', 'two', 'more']

describe('a daemon that is killed again and again while it looks after containers', function () {
  this.timeout(60_000 + kills * 30_000)
  const engine = withEngine()

  it(`doubles none and loses no end in ${kills} kills, and leaves others' containers alone (D1)`, async () => {
    await using sandbox = await Sandbox.make()
    const {random} = printedRandom()
    const scene = await Scene.make(sandbox, engine())
    const {stack} = scene

    for (let kill = 1; kill <= kills; kill += 1) {
      const victim = await openClient(sandbox)
      await stack.load(victim)
      await scene.takeNextName(victim)
      // It is not waited for: the answer is lost with the daemon, the work must not be.
      stack.start(victim).catch(() => undefined)
      await systemClock.sleep(random() * 2500)
      await killDaemonOf(victim)
      const letEnd = random() < 0.7
      const ended = letEnd ? await scene.endSome() : []
      const seen = await stack.containers()

      await using client = await openClient(sandbox)
      await scene.settle(client, `kill ${kill}`)
      await scene.checkEnds(client, ended)
      // One that the engine began after the daemon's death may have ended since.
      await scene.checkAdopted(client, letEnd ? seen.filter(({service}) => !(service in codes)) : seen)
      if (kill % 4 === 0) await scene.stopWholly(client)
    }

    await using client = await openClient(sandbox)
    await scene.stopWholly(client)
    await scene.checkForeign()
  })
})

/** Five services: three that stay, two that end when a file is there; and one whose name somebody else has. */
class Scene {
  /** Ids of the containers that are none of ours, by name. */
  private readonly foreign = new Map<string, string>()

  private constructor(
    readonly stack: DockerStack,
    private readonly engine: TestEngine,
    private readonly folder: string,
  ) {}

  static async make(sandbox: Sandbox, engine: TestEngine): Promise<Scene> {
    const folder = path.join(sandbox.folder, 'go')
    await mkdir(folder)
    const stay = container(`trap 'exit 0' TERM; while :; do sleep 0.1; done`)
    const ending = (name: string, code: number): object =>
      container(`trap 'exit 0' TERM; while [ ! -e /go/${name} ]; do sleep 0.05; done; exit ${code}`, {
        volumes: [`${folder}:/go:ro`],
      })
    const stack = await DockerStack.make(sandbox, engine, {
      ...Object.fromEntries(lasting.map((name) => [name, stay])),
      ...Object.fromEntries(Object.entries(codes).map(([name, code]) => [name, ending(name, code)])),
      taken: stay,
    })
    return new Scene(stack, engine, folder)
  }

  /** Somebody else runs a container by the name that the next attempt of `taken` would have. */
  async takeNextName(client: Client): Promise<void> {
    const {attempt} = await this.stack.of(client, 'taken')
    for (const next of [attempt + 1, attempt + 2]) {
      const name = `${this.stack.id}-taken-${next}`
      if (this.foreign.has(name)) continue
      const id = await this.engine.docker('run', '-d', '--name', name, 'busybox:local', 'sleep', '100000')
      this.foreign.set(name, id)
    }
  }

  /** Lets those that can end do so, and answers which did. */
  async endSome(): Promise<readonly SeenContainer[]> {
    for (const name of Object.keys(codes)) await writeFile(path.join(this.folder, name), '')
    const isEnding = ({service}: SeenContainer): boolean => service in codes
    await until(
      async () => (await this.stack.containers()).every((each) => !isEnding(each) || each.state !== 'running'),
      'all that can end have ended',
    )
    return (await this.stack.containers()).filter((each) => isEnding(each) && each.state === 'exited')
  }

  /** Waits until what the daemon says is at rest, and the engine has exactly that: 0 duplicate, 0 missing, nothing left over. */
  async settle(client: Client, when: string): Promise<void> {
    const atRest = new Set(['Failed', 'NotStarted', 'Running', 'Stopped'])
    await until(
      async () => (await this.stack.status(client)).every(({state}) => atRest.has(state)),
      `all is at rest, ${when}`,
      30_000,
    )
    const agree = async (): Promise<boolean> => {
      const [is, says] = await this.both(client)
      return is.join() === says.join()
    }
    await until(agree, `the engine has what the daemon says, ${when}`, 20_000).catch(async () => {
      const [is, says] = await this.both(client)
      assert.deepEqual(is, says, when)
    })
  }

  private async both(client: Client): Promise<readonly [readonly string[], readonly string[]]> {
    const is = (await this.stack.containers()).map(({name, state}) => `${name} ${state}`)
    const says = (await this.stack.status(client))
      .filter(({state}) => state === 'Running')
      .map((service) => `${service.container ?? ''} running`)
    return [is.sort(), says.sort()]
  }

  /** Those that ended while no daemon was there are known to have, with their code, and have not been started again. */
  async checkEnds(client: Client, ended: readonly SeenContainer[]): Promise<void> {
    const now = await this.stack.status(client)
    for (const {service, name} of ended) {
      const {attempt, state} = now.find((each) => each.name === service)!
      assert.deepEqual([`${this.stack.id}-${service}-${attempt}`, state], [name, 'Failed'])
    }
    for (const [name, code] of Object.entries(codes)) {
      const {exit, state} = now.find((each) => each.name === name)!
      if (state === 'Failed') assert.equal(exit?.code, code, JSON.stringify(now.find((each) => each.name === name)))
      await rm(path.join(this.folder, name), {force: true})
    }
  }

  /** What ran when the daemon was killed, and goes on, is the same container. */
  async checkAdopted(client: Client, before: readonly SeenContainer[]): Promise<void> {
    const now = await this.stack.containers()
    for (const {id, name, state, service} of before) {
      if (state !== 'running' || now.some((each) => each.id === id)) continue
      assert.fail(`${name} is gone: ${JSON.stringify(await this.stack.of(client, service))}`)
    }
    await this.checkForeign()
  }

  async stopWholly(client: Client): Promise<void> {
    await this.stack.stop(client)
    assert.deepEqual([await this.stack.containers(), await this.stack.networks()], [[], []], 'a stop leaves nothing')
    await this.checkForeign()
  }

  async checkForeign(): Promise<void> {
    for (const [name, id] of this.foreign) {
      const found = await this.engine.docker('inspect', '--format', '{{.Id}} {{.State.Status}}', name)
      assert.equal(found, `${id} running`)
    }
  }
}
