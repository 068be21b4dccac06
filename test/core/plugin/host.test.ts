import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {describe, it} from 'mocha'

import {systemClock} from '../../../src/core/base/clock.js'
import type {Catalogue} from '../../../src/core/contract/catalogue.js'
import type {Layer} from '../../../src/core/contract/layer.js'
import {collectPlugins} from '../../../src/core/plugin/host.js'
import type {PluginSource} from '../../../src/core/plugin/plugin-source.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'
import {core, fixture, servicesFor, source, taskType} from './fixture-plugins.js'

function collect(...sources: readonly PluginSource[]): Promise<Catalogue> {
  return collectPlugins(sources, {clock: systemClock, deadlineMs: 100, servicesFor})
}

const layer: Layer = {
  kind: 'box',
  specSchema: {type: 'string'},
  wrap: (command) => command,
  describe: () => 'a box',
}

const uninstall = (name: string): string =>
  `Run \`harness plugins uninstall ${name}\`, or set HARNESS_NO_USER_PLUGINS=1 to load no user plugin at all.`

describe('plugin host', () => {
  it('collects what the plugins bring', async () => {
    const catalogue = await collect(await fixture('good'), core())
    assert.deepEqual(catalogue.names, {
      executors: ['good-machine'],
      layers: [],
      serviceTypes: ['good-chain'],
      taskTypes: ['command', 'good-deploy'],
    })
    assert.equal(catalogue.executor('good-machine')?.handleVersion, 1)
    assert.equal(catalogue.serviceType('good-chain')?.summary, 'A chain that needs a setup.')
    assert.equal(catalogue.taskType('good-deploy')?.target, 'none')
    assert.equal(catalogue.taskType('toString'), undefined)
    assert.deepEqual(catalogue.problems, [])
  })

  it('lists core first, then the others by name', async () => {
    const none = {name: 'x'}
    const catalogue = await collect(source('b', none), source('c', none, {kind: 'link'}), core(), source('a', none))
    assert.deepEqual(
      catalogue.plugins.map(({name, kind}) => `${name} ${kind}`),
      ['@service-harness/cli core', 'a user', 'b user', 'c link'],
    )
  })

  it('describes each type with its schemas and the plugin it came from', async () => {
    const {types} = await collect(await fixture('good'), core({layers: [layer]}))
    assert.deepEqual(
      types.map(({sort, name, summary, plugin}) => [sort, name, summary, plugin.name]),
      [
        ['executor', 'good-machine', null, 'harness-plugin-good'],
        ['layer', 'box', null, '@service-harness/cli'],
        ['serviceType', 'good-chain', 'A chain that needs a setup.', 'harness-plugin-good'],
        ['taskType', 'good-deploy', 'Deploys a contract.', 'harness-plugin-good'],
      ],
    )
    const [machine, box, chain, deploy] = types
    assert.deepEqual([machine?.schemas, box?.schemas], [{spec: {type: 'object'}}, {spec: {type: 'string'}}])
    assert.equal(machine?.capabilities?.ownership, 'managed')
    assert.deepEqual(chain?.schemas, {config: {type: 'object'}})
    assert.deepEqual(chain.actions, [{name: 'ping', summary: 'Answers.', input: {}, output: {}, event: null}])
    assert.deepEqual(deploy?.schemas, {input: {type: 'object'}, output: {type: 'string'}})
    assert.deepEqual(deploy.plugin, {name: 'harness-plugin-good', version: '1.2.3', kind: 'user'})
    assert.ok(Object.isFrozen(types) && types.every((type) => Object.isFrozen(type)))
  })

  it('is sealed', async () => {
    const tasks = [taskType('one')]
    const catalogue = await collect(core({taskTypes: tasks}))
    tasks.push(taskType('late'))
    assert.equal(catalogue.taskType('late'), undefined)
    assert.ok(Object.isFrozen(catalogue) && Object.isFrozen(catalogue.names.taskTypes))
    assert.ok(Object.isFrozen(catalogue.plugins) && Object.isFrozen(catalogue.problems))
    assert.throws(() => Object.assign(tasks[0]!, {type: 'two'}), TypeError)
  })

  const bad: readonly {
    readonly name: string
    readonly message: RegExp
    readonly code?: string
    readonly hint?: RegExp
  }[] = [
    {name: 'throws-in-load', message: /: its module could not be loaded: the native part is missing\.$/},
    {name: 'throws-in-hook', message: /: its hook failed: no licence file\.$/},
    {name: 'cli-error', message: /: its hook failed: log in first\.$/},
    {name: 'exits-in-hook', message: /: its hook failed: it called process\.exit\(3\)\.$/},
    {name: 'never-settles', message: /: its hook did not settle within 100 ms\.$/},
    {
      name: 'nonsense',
      message:
        /plugin\.taskTypes\[0\]\.summary must be a string, found 7; plugin\.taskTypes\[0\]\.run must be a function, found 'later'\.$/,
    },
    {
      name: 'newer-api',
      code: 'PLUGIN_API',
      message: /: it takes host API \^2\.0, this is 1\.0\.$/,
      hint: /host API 1\.0/,
    },
    {
      name: 'duplicate-of-core',
      code: 'PLUGIN_CONFLICT',
      message:
        /^Several plugins bring 'task type command': it comes from '@service-harness\/cli' 1\.0\.0 \(core\) and 'harness-plugin-duplicate-of-core' 1\.2\.3 \(user\); '@service-harness\/cli' wins\.$/,
    },
  ]
  for (const {name, message, code = 'PLUGIN_FAILED', hint} of bad) {
    it(`names the user plugin that is bad (${name}) and goes on with the rest`, async () => {
      const catalogue = await collect(core(), await fixture(name), await fixture('good'))
      const [problem] = catalogue.problems
      assert.equal(catalogue.problems.length, 1)
      assert.match(problem!.message, message)
      assert.match(problem!.message, new RegExp(`harness-plugin-${name}`))
      assert.match(problem!.message, /1\.2\.3 ?\(user\)/)
      assert.deepEqual([problem!.name, problem!.version, problem!.kind], [`harness-plugin-${name}`, '1.2.3', 'user'])
      assert.equal(problem!.code, code)
      if (hint) assert.match(problem!.hint, hint)
      else assert.equal(problem!.hint, uninstall(`harness-plugin-${name}`))
      assert.deepEqual(catalogue.names.taskTypes, ['command', 'good-deploy'])
      assert.equal(catalogue.plugins.length, 2)
    })
  }

  it('takes all the bad ones at once', async () => {
    const sources = await Promise.all(bad.map(({name}) => fixture(name)))
    const catalogue = await collect(core(), await fixture('good'), ...sources)
    assert.equal(catalogue.problems.length, bad.length)
    assert.deepEqual(catalogue.names.executors, ['good-machine'])
  })

  it('runs no code of a plugin that was made for another API', async () => {
    const neverLoaded = {load: () => assert.fail('it was loaded')}
    const catalogue = await collect(
      core(),
      await fixture('newer-api', neverLoaded),
      source('old', {}, {api: undefined, ...neverLoaded}),
      source('odd', {}, {api: '>=1', ...neverLoaded}),
    )
    assert.deepEqual(
      catalogue.problems.map(({code}) => code),
      ['PLUGIN_API', 'PLUGIN_API', 'PLUGIN_API'],
    )
    assert.match(
      catalogue.problems[1]!.message,
      /names the host API '>=1', expected one like "harness": \{"api": "\^1\.0"\}/,
    )
    assert.match(catalogue.problems[2]!.message, /names no host API, expected/)
  })

  for (const name of ['throws-in-load', 'throws-in-hook', 'never-settles', 'nonsense', 'newer-api']) {
    it(`refuses to go on with a bad core plugin (${name})`, async () => {
      const code = name === 'newer-api' ? 'PLUGIN_API' : 'PLUGIN_FAILED'
      const message = new RegExp(`harness-plugin-${name}'.*version 1\\.2\\.3 \\(core\\)`)
      await assert.rejects(async () => collect(await fixture(name, {kind: 'core'}), await fixture('good')), {
        code,
        message,
      })
    })
  }

  it('waits for one after the other, import and hook under one deadline, which is halved when it was missed', async () => {
    const clock = new FakeClock()
    const slow = (name: string): PluginSource =>
      source(name, undefined, {
        load: async () => {
          await clock.sleep(6000)
          return {default: () => clock.sleep(6000)}
        },
      })
    const collected = collectPlugins([core(), slow('a'), slow('b'), slow('c')], {clock, servicesFor})
    await clock.advance(10_000)
    await clock.advance(5000)
    await clock.advance(2500)
    const {problems} = await collected
    const said = (name: string, what: string): string =>
      `Plugin '${name}' could not be loaded: version 1.0.0 (user): its ${what} s.`
    assert.deepEqual(
      problems.map(({message}) => message),
      [
        said('a', 'hook did not settle within 10.0'),
        said('b', 'module did not settle within 5.0'),
        said('c', 'module did not settle within 2.5'),
      ],
    )
  })

  it('keeps the process alive until the deadline, and holds no timer after', async () => {
    const clock = new FakeClock()
    await collectPlugins([core(), await fixture('good')], {clock, servicesFor})
    assert.equal(clock.pending, 0)
  })

  it('outlives a plugin that never settles in a process that has nothing else to do', async () => {
    const script = `
      import {systemClock} from './src/core/base/clock.ts'
      import {collectPlugins} from './src/core/plugin/host.ts'
      const load = () => import('./test/fixtures/plugins/never-settles/register.js')
      const source = {name: 'never-settles', version: '1.0.0', kind: 'user', api: '^1.0', load}
      const {problems} = await collectPlugins([source], {clock: systemClock, deadlineMs: 50, servicesFor: () => undefined})
      console.log(problems[0].name)`
    const {stdout} = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script],
      {cwd: fileURLToPath(new URL('../../../', import.meta.url))},
    )
    assert.equal(stdout, 'never-settles\n')
  })

  it('takes a CommonJS module that was compiled from TypeScript', async () => {
    const hook = (): unknown => ({name: 'cjs', taskTypes: [taskType('from-cjs')]})
    const load = (): Promise<unknown> => Promise.resolve({default: {__esModule: true, default: hook}})
    const catalogue = await collect(core(), source('cjs', undefined, {load}))
    assert.deepEqual(catalogue.names.taskTypes, ['command', 'from-cjs'])
  })

  it('says that a module brings no hook', async () => {
    const load = (): Promise<unknown> => Promise.resolve({register: () => ({})})
    const {problems} = await collect(core(), source('x', undefined, {load}))
    assert.match(problems[0]!.message, /: its module must have a function as its default export\.$/)
  })

  it('names the executor factory that fails', async () => {
    const broken = (): never => {
      throw new Error('no engine')
    }
    const {problems} = await collect(
      core(),
      source('a', {name: 'a', executors: [broken]}),
      source('b', {name: 'b', executors: [() => ({kind: 'b'})]}),
    )
    assert.match(problems[0]!.message, /: its executors\[0\] failed: no engine\.$/)
    assert.match(problems[1]!.message, /executors\[0\]\(\)\.capabilities must be an object, found nothing/)
  })

  it('takes a plugin as a whole or not at all', async () => {
    const catalogue = await collect(core(), await fixture('duplicate-of-core'))
    assert.equal(catalogue.taskType('never-seen'), undefined)
  })
})
