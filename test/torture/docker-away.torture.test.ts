import assert from 'node:assert/strict'
import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import type {Client} from '../../src/core/client/client.js'
import type {LogLine} from '../../src/core/contract/log.js'
import type {TestEngine} from '../plugins/docker/engine.js'
import {withEngine} from '../plugins/docker/with-engine.js'
import {Sandbox, until} from '../support/harness.js'
import {openClient} from './support/daemon.js'
import {container, DockerStack} from './support/docker-stack.js'
import {measured, size} from './support/sizes.js'

const awayMs = size({quick: 2000, full: 10_000})
const checkMs = 200
const numbered = (more = ''): string =>
  `trap 'exit 0' TERM; i=0; while :; do echo "out $i"; echo "err $i" >&2; i=$((i+1)); sleep 0.02; ${more} done`
const always = {policy: 'always', delay: '10ms', max_attempts: 100}

describe(`an engine that is away for ${awayMs / 1000} s while it runs containers`, function () {
  this.timeout(60_000 + awayMs * 5)
  const engine = withEngine()

  async function open(sandbox: Sandbox) {
    const go = path.join(sandbox.folder, 'go')
    await mkdir(go)
    const volumes = [`${go}:/go:ro`]
    const ending = (code: number): string => `[ ! -e /go/end ] || exit ${code};`
    const stack = await DockerStack.make(sandbox, engine(), {
      steady: container(numbered(), {restart: always}),
      checked: container(numbered(), {
        restart: always,
        health_check: {command: ['true'], interval: `${checkMs}ms`, timeout: '1s', retries: 2},
        liveness: {command: ['true'], interval: `${checkMs}ms`, timeout: '1s', retries: 2},
      }),
      ender: container(numbered(ending(9)), {volumes}),
    })
    const client = await openClient(sandbox)
    await stack.load(client)
    assert.deepEqual((await stack.start(client)).failed, [])
    const seen: string[] = []
    const look = async (): Promise<readonly string[]> => {
      const all = await stack.status(client)
      for (const {name, state} of all) if (seen.at(-1) !== `${name} ${state}`) seen.push(`${name} ${state}`)
      return all.map(({reachability}) => reachability)
    }
    return {
      ...{stack, client, look},
      end: () => writeFile(path.join(go, 'end'), ''),
      states: () => new Set(seen),
      async isAll(reachability: 'known' | 'unknown'): Promise<boolean> {
        return (await look()).every((one) => one === reachability)
      },
    }
  }

  it('and was killed: unknown, then as before, without a restart; ends and logs are complete (D2)', async () => {
    await using sandbox = await Sandbox.make()
    const scene = await open(sandbox)
    await using client = scene.client
    const {stack} = scene
    await systemClock.sleep(500)
    engine().kill('SIGKILL')
    await until(() => scene.isAll('unknown'), 'all is unknown')
    await scene.end()
    await whileAway(scene)
    await engine().restart()
    const began = systemClock.monotonic()
    await until(async () => (await stack.of(client, 'ender')).state === 'Failed', 'the end is known', 30_000)
    await until(async () => (await stack.of(client, 'steady')).reachability === 'known', 'it is back')
    measured('known again', `${Math.round(systemClock.monotonic() - began)} ms after the engine answers`)
    const {exit, attempt} = await stack.of(client, 'ender')
    assert.deepEqual([exit?.code, attempt], [9, 1])
    await goesOn(scene, engine())
  })

  it('and hangs: unknown, then as before, without a restart; logs are complete (D2)', async () => {
    await using sandbox = await Sandbox.make()
    const scene = await open(sandbox)
    await using _client = scene.client
    engine().kill('SIGSTOP')
    try {
      await until(() => scene.isAll('unknown'), 'all is unknown')
      await whileAway(scene)
    } finally {
      engine().kill('SIGCONT')
    }
    await until(() => scene.isAll('known'), 'all is known')
    await goesOn(scene, engine())
  })
})

interface Scene {
  readonly stack: DockerStack
  readonly client: Client
  readonly look: () => Promise<unknown>
  readonly states: () => ReadonlySet<string>
}

async function whileAway({look}: Scene): Promise<void> {
  const end = systemClock.monotonic() + awayMs
  while (systemClock.monotonic() < end) {
    await look()
    await systemClock.sleep(50)
  }
}

/** Nothing was started again, no check has failed, and what the engine has of the logs is there, each line once. */
async function goesOn({stack, client, states, look}: Scene, engine: TestEngine): Promise<void> {
  for (const service of ['steady', 'checked']) {
    const {attempt, restarts, container: name, state} = await stack.of(client, service)
    assert.deepEqual([attempt, restarts, state], [1, 0, 'Running'], service)
    const known = (await engine.docker('logs', '--tail', '10', name ?? '')).split('\n')
    const last = Number(known.at(-1)?.split(' ')[1]) + 10
    const read = async (stream: string): Promise<readonly string[]> =>
      (await lines(client, stack, service)).filter((line) => line.stream === stream).map(({text}) => text)
    await until(async () => (await read('stdout')).some((text) => text === `out ${last}`), `${service} goes on`)
    for (const stream of ['stdout', 'stderr'] as const) {
      const found = (await read(stream)).slice(0, last)
      // An engine that is killed may lose a line that it has taken from the container.
      const has = (await engine.outputOf(name ?? ''))[stream].split('\n')
      assert.deepEqual(found, has.slice(0, found.length), `${service}, ${stream}`)
      assert.ok(found.length > last - 10, `${service}, ${stream}: only ${found.length} of ${last} lines`)
    }
  }
  await look()
  assert.deepEqual(
    [...states()].filter((seen) => /Unhealthy|Restarting/.test(seen)),
    [],
  )
  await stack.stop(client)
  assert.deepEqual(await stack.containers(), [])
}

async function lines(client: Client, stack: DockerStack, service: string): Promise<readonly LogLine[]> {
  const found: LogLine[] = []
  const wish = {stack: stack.id, services: [service], tail: null, attempts: 'last', follow: false} as const
  await client.call('logs.read', wish, {onLog: (more) => found.push(...more)})
  return found
}
