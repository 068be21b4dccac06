import assert from 'node:assert/strict'
import {cp, readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import {after, before, describe, it} from 'mocha'
import type {HistoryEntry, StackStatus} from '../../src/core/contract/status.js'
import {succeeds} from '../plugins/docker/commands.js'
import type {TestEngine} from '../plugins/docker/engine.js'
import {withEngine} from '../plugins/docker/with-engine.js'
import {censusOf, hasFarMachines, startFarMachine, type FarMachine} from '../support/far-machine.js'
import {root, until, type Sandbox} from '../support/harness.js'
import {needs} from '../support/needs.js'
import {hasSystemd} from '../support/systemd.js'

const unit = 'mixed-metrics.service'
const services = ['db', 'metrics', 'api', 'edge', 'web']
const dependencies: readonly (readonly [string, readonly string[]])[] = [
  ['api', ['db', 'metrics']],
  ['edge', ['api']],
  ['web', ['edge']],
]

describe('examples/mixed, on two machines', function () {
  this.timeout(120_000)
  const theEngine = withEngine()
  let engine: TestEngine
  let worker: FarMachine | undefined

  before(async function () {
    this.timeout(60_000)
    needs(this, hasFarMachines() && hasSystemd(), 'sshd, systemd and network namespaces, as root')
    engine = theEngine()
    worker = await startFarMachine({name: 'worker', near: engine.inside(), hasManager: true})
  })
  after(async () => {
    await worker?.[Symbol.asyncDispose]()
  })
  const there = (): FarMachine => {
    assert.ok(worker, 'the machine has not started')
    return worker
  }

  /** As its README says, for a user whose configuration of SSH knows the worker. */
  async function example(): Promise<Sandbox> {
    const sandbox = await engine.sandbox()
    await cp(path.join(root, 'examples/mixed'), sandbox.folder, {recursive: true})
    const {home, manager, config} = there()
    await cp(path.join(sandbox.folder, 'worker'), path.join(home, 'mixed'), {recursive: true})
    await manager?.unit(unit, await readFile(path.join(home, 'mixed', unit), 'utf8'))
    sandbox.variables = {...sandbox.variables, HARNESS_SSH_CONFIG: config, IMAGE: 'busybox:local'}
    await succeeds(sandbox, 'package', 'build', 'api')
    return sandbox
  }

  const statusOf = async (sandbox: Sandbox): Promise<StackStatus['services']> =>
    (await sandbox.json<StackStatus>('status')).services

  async function page(sandbox: Sandbox): Promise<string> {
    const web = (await statusOf(sandbox)).find(({name}) => name === 'web')
    const ask = `fetch('${web?.endpoints[0]?.url}').then((answer) => answer.text()).then(console.log, console.log)`
    return await engine.runInside(process.execPath, '-e', ask)
  }
  const answers = /^web → edge → api\nlima, nairobi, tromsø\nasked for \d+ times$/m

  async function historyOf(sandbox: Sandbox, service: string): Promise<readonly HistoryEntry[]> {
    type Info = {readonly services: readonly {readonly history: readonly HistoryEntry[]}[]}
    return (await sandbox.json<Info>('info', service)).services[0]?.history ?? []
  }

  const identityOf = (all: StackStatus['services']) =>
    all.map(({name, state, pid, container, attempt}) => ({name, state, pid, container, attempt}))

  const near = async () => await censusOf(engine.inside())
  const far = async () => await censusOf(there().enter)

  it('is one stack: in order, over the death of the daemon, and nothing of it is left on either side', async () => {
    await using sandbox = await example()
    const [nearBefore, farBefore] = [await near(), await far()]
    assert.equal((await sandbox.run('validate', '--strict')).code, 0)
    await succeeds(sandbox, 'start', '--timeout', '90s')
    const first = await statusOf(sandbox)
    assert.deepEqual(
      first.map(({name, state}) => `${name} ${state}`).sort(),
      services.map((name) => `${name} Running`).sort(),
    )
    assert.match(await page(sandbox), answers)

    for (const [name, needed] of dependencies) {
      const begun = (await historyOf(sandbox, name)).find(({to}) => to === 'Starting')?.at ?? ''
      for (const other of needed) {
        const ready = (await historyOf(sandbox, other)).find(({to}) => to === 'Running')?.at ?? 'never'
        assert.ok(ready <= begun, `${other} was ready ${ready}, ${name} began ${begun}`)
      }
    }

    await sandbox.killDaemon()
    const isSame = async (): Promise<boolean> =>
      isDeepStrictEqual(identityOf(await statusOf(sandbox)), identityOf(first))
    await until(isSame, 'the next daemon knows each of them again')
    await until(async () => answers.test(await page(sandbox)), 'it is carried again')

    await succeeds(sandbox, 'restart', 'edge')
    const second = await statusOf(sandbox)
    const changed = identityOf(second).filter((each, index) => each.pid !== identityOf(first)[index]?.pid)
    assert.deepEqual(
      changed.map(({name}) => name),
      ['edge'],
    )
    await until(async () => answers.test(await page(sandbox)), 'it is carried to the next one')

    const logs = await succeeds(sandbox, 'logs')
    for (const line of [
      /^db +│ .*url:\/cgi-bin\/cities/m,
      /^metrics +│ .*ready/m,
      /^api +│ .*asked/m,
      /^edge +│ .*passed on/m,
    ]) {
      assert.match(logs, line)
    }
    assert.match(logs, /^web +│ .*answered/m)
    assert.match(logs, /^migrate +│ .*3 cities are there/m)

    await succeeds(sandbox, 'stop')
    assert.equal(await engine.docker('ps', '-aq'), '')
    assert.equal(await engine.docker('network', 'ls', '-q', '--filter', 'label=harness.stack'), '')
    assert.match((await there().manager?.systemctl('show', '--property=ActiveState', unit)) ?? '', /inactive/)
    await until(async () => (await sandbox.processes()).length === 0, 'the daemon ends by itself')
    const sameAs = (before: Awaited<ReturnType<typeof far>>, now: typeof before): boolean =>
      [...now.processes.keys()].every((pid) => before.processes.has(pid)) && now.ports.join() === before.ports.join()
    await until(async () => sameAs(farBefore, await far()), 'the worker is as it was').catch(async (error: unknown) => {
      throw new Error(JSON.stringify([[...farBefore.processes], [...(await far()).processes]]), {cause: error})
    })
    await until(async () => sameAs(nearBefore, await near()), 'this machine is as it was')
    assert.deepEqual(await readdir(path.join(there().home, '.local/state/harness-remote/runs')), [])
    await engine.docker('volume', 'rm', 'harness-example-mixed')
  })
})
