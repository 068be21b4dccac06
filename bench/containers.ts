// Start of containers with harness, beside the same calls made bare against the same engine. `npm run bench:containers -- [CONTAINERS] [ROUNDS]`
import {randomUUID} from 'node:crypto'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {Agent, request} from 'node:http'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {systemClock} from '../src/core/base/clock.js'
import {newId} from '../src/core/base/ids.js'
import {ensureDaemon} from '../src/core/client/ensure-daemon.js'
import {loadStack} from '../src/core/config/load-stack.js'
import {TestEngine} from '../test/plugins/docker/engine.js'
import {bin} from '../test/support/harness.js'
import {median} from './measure.js'

const count = Number(process.argv[2] ?? 20)
const rounds = Number(process.argv[3] ?? 5)
const image = 'busybox:local'
const command = ['sleep', '100000']

const folder = await mkdtemp(path.join(tmpdir(), 'harness-bench-'))
const engine = await TestEngine.start()
try {
  await engine.importBusybox(image)
  const times = {bare: [] as number[], harness: [] as number[]}
  await using harness = await openHarness()
  // A round of each in turn: a machine that slows down slows both. The first one fills caches.
  for (let round = 0; round <= rounds; round += 1) {
    const [bare, ours] = [await startBare(), await harness.start()]
    if (round === 0) continue
    times.bare.push(bare)
    times.harness.push(ours)
  }
  const [bare, ours] = [median(times.bare), median(times.harness)]
  console.log(`npm run bench:containers -- ${count} ${rounds}`)
  console.log(
    `${count} containers, median of ${rounds} rounds: bare ${bare.toFixed()} ms, harness ${ours.toFixed()} ms`,
  )
  console.log(`ratio ${(ours / bare).toFixed(2)}, at most 1.3`)
} finally {
  await engine.stop()
  await rm(folder, {recursive: true, force: true, maxRetries: 5})
}

async function openHarness() {
  const state = path.join(folder, 'state')
  const client = await ensureDaemon({
    stateDirectory: state,
    command: [process.execPath, bin, 'daemon', '--background'],
    env: {...process.env, HARNESS_STATE_DIR: state, HARNESS_NO_USER_PLUGINS: '1', DOCKER_HOST: engine.host},
    client: {name: 'bench', version: '0'},
    clock: systemClock,
  })
  const target = {type: 'docker', image, command, pull: 'never', shutdown_timeout: '0s'}
  const services = Object.fromEntries(Array.from({length: count}, (_, index) => [`s${index}`, target]))
  await writeFile(path.join(folder, 'harness.yaml'), JSON.stringify({name: 'bench', services}))
  const {definition} = await loadStack({cwd: folder, env: {}})
  const {stack} = await client.call('stack.load', {definition, requestId: newId()})
  const all = {stack, services: []}
  return {
    /** Until all run, in milliseconds; they are stopped afterwards. */
    async start(): Promise<number> {
      const began = performance.now()
      const {failed} = await client.call('service.start', {...all, env: {}, requestId: newId()})
      const ms = performance.now() - began
      if (failed.length > 0) throw new Error(failed[0]?.reason)
      await client.call('service.stop', {...all, dependents: 'leave', requestId: newId()})
      return ms
    },
    async [Symbol.asyncDispose]() {
      await client.call('daemon.shutdown', {stopServices: true})
      await client[Symbol.asyncDispose]()
    },
  }
}

/** As many containers by `create` and `start` alone, all at once, in a network of their own. */
async function startBare(): Promise<number> {
  const agent = new Agent({keepAlive: true})
  const ask = (method: string, target: string, body?: object): Promise<{readonly Id: string}> =>
    askEngine({method, target, agent}, body)
  const network = `bare-${randomUUID()}`
  await ask('POST', '/networks/create', {Name: network, Driver: 'bridge'})
  const began = performance.now()
  const body = {Image: image, Cmd: command, HostConfig: {NetworkMode: network}}
  const starts = Array.from({length: count}, async () => {
    const {Id} = await ask('POST', '/containers/create', body)
    await ask('POST', `/containers/${Id}/start`)
    return Id
  })
  const ids = await Promise.all(starts)
  const ms = performance.now() - began
  await Promise.all(ids.map((id) => ask('DELETE', `/containers/${id}?force=1`)))
  await ask('DELETE', `/networks/${network}`)
  agent.destroy()
  return ms
}

interface Ask {
  readonly method: string
  readonly target: string
  readonly agent: Agent
}

function askEngine({method, target, agent}: Ask, body?: object): Promise<{readonly Id: string}> {
  const socketPath = engine.host.slice('unix://'.length)
  return new Promise((resolve, reject) => {
    const headers = {'content-type': 'application/json'}
    const asking = request({socketPath, method, path: target, agent, headers}, (answer) => {
      let text = ''
      answer.on('data', (bytes: Buffer) => (text += bytes.toString()))
      answer.on('end', () => {
        if ((answer.statusCode ?? 500) >= 400) reject(new Error(`${method} ${target}: ${text}`))
        else resolve((text === '' ? {} : JSON.parse(text)) as {Id: string})
      })
    })
    asking.on('error', reject)
    asking.end(body && JSON.stringify(body))
  })
}
