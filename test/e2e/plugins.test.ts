import assert from 'node:assert/strict'
import {access, appendFile, cp, readdir, rm} from 'node:fs/promises'
import path from 'node:path'
import {after, before, describe, it} from 'mocha'
import {root, Sandbox, type Ran} from '../support/harness.js'
import {startNpmRegistry, writePlainPlugin, type NpmRegistry, type PlainPlugin} from '../support/npm-registry.js'

describe('harness plugins', function () {
  this.timeout(120_000)
  let registry: NpmRegistry
  before(async () => {
    registry = await startNpmRegistry()
    await using source = await Sandbox.make()
    const publish = async (plugin: PlainPlugin, tag?: string): Promise<void> => {
      const folder = path.join(source.folder, `${plugin.type}-${plugin.version}`)
      await registry.publish(await writePlainPlugin(folder, plugin), tag)
    }
    const version = '1.0.0'
    await publish({name: '@service-harness/plugin-scoped', version, type: 'scoped'})
    await publish({name: 'harness-plugin-sleeper', version, type: 'sleeper'})
    await publish({name: 'harness-plugin-other', version, type: 'other'})
    await publish({name: 'harness-plugin-peer', version, type: 'peer', peers: {'@service-harness/cli': '^9.0.0'}})
    await publish({name: 'mcp', version, type: 'impostor'})
    const postinstall = 'touch "$HARNESS_DATA_DIR/../it-ran"'
    await publish({name: 'harness-plugin-script', version, type: 'script', postinstall})
    await publish({name: 'harness-plugin-broken', version, type: 'broken', fails: true})
    await publish({name: 'harness-plugin-sleeper', version: '1.0.1', type: 'sleeper', fails: true}, 'next')
  })
  after(() => registry[Symbol.asyncDispose]())

  const sandbox = async (): Promise<Sandbox> => {
    const made = await Sandbox.make()
    const data = path.join(path.dirname(made.state), 'data')
    made.variables = {...registry.env, HARNESS_NO_USER_PLUGINS: undefined, HARNESS_DATA_DIR: data}
    return made
  }
  const good = (ran: Ran): string => {
    assert.equal(ran.code, 0, `${ran.stdout}\n${ran.stderr}`)
    return ran.stderr
  }

  it('installs by the short name, and says what there is now', async () => {
    await using box = await sandbox()
    const said = good(await box.run('plugins', 'install', 'scoped'))
    assert.match(said, /@service-harness\/plugin-scoped 1\.0\.0 brings service type 'scoped' \(1 action\)/)
    assert.match((await box.run('types')).stdout, /^scoped +service type +@service-harness\/plugin-scoped 1\.0\.0/m)
  })

  it('takes no stranger for one of its own plugins, and runs no script of what it installs', async () => {
    await using box = await sandbox()
    const {code, stderr} = await box.run('plugins', 'install', 'mcp')
    assert.deepEqual([code, /@service-harness\/plugin-mcp/.test(stderr)], [6, true], stderr)
    good(await box.run('plugins', 'install', 'harness-plugin-script'))
    await assert.rejects(access(path.join(path.dirname(box.state), 'it-ran')))
    assert.doesNotMatch((await box.run('types')).stdout, /impostor/)
  })

  it('tells of a daemon that has others, and a restart of it keeps services', async () => {
    await using box = await sandbox()
    good(await box.run('plugins', 'install', 'harness-plugin-sleeper@1.0.0'))
    await box.write('services: {one: {service_type: sleeper}}\n')
    good(await box.run('start'))
    const pid = async (): Promise<number | undefined> => {
      const {services} = await box.json<{services: readonly {pid: number}[]}>('status')
      return services[0]?.pid
    }
    const before = await pid()
    const said = good(await box.run('plugins', 'install', 'harness-plugin-other'))
    assert.match(said, /Plugins have changed since the daemon started: harness-plugin-other 1\.0\.0 was installed\./)
    const status = await box.run('status')
    assert.match(status.stderr, /harness-plugin-other 1\.0\.0 was installed[^]*harness daemon restart/)
    assert.match((await box.run('daemon', 'logs')).stdout, /plugins have changed since this daemon started/)
    good(await box.run('daemon', 'restart'))
    assert.equal((await box.run('status')).stderr, '')
    assert.equal(await pid(), before, 'the service has gone on')
    assert.equal((await box.run('action', 'run', 'one', 'version')).stdout, '1.0.0\n')
  })

  it('says what is wrong in its own words: what was typed, where there is no plugin, what is not installed', async () => {
    await using box = await sandbox()
    const said = async (...args: readonly string[]): Promise<readonly [number | null, string]> => {
      const {code, stderr} = await box.run('plugins', ...args)
      return [code, stderr]
    }
    const [typed, usage] = await said('install')
    assert.deepEqual([typed, /PLUGIN is missing/.test(usage), /registry/.test(usage)], [2, true, false], usage)
    const [nowhere, noPackage] = await said('link', box.folder)
    assert.equal(nowhere, 6)
    assert.match(noPackage, /there is no package\.json in '[^']*'\.\n +Name the folder of a plugin/)
    const [unknown, notInstalled] = await said('inspect', 'nope')
    assert.equal(unknown, 6)
    assert.match(notInstalled, /nope not installed\.\n +`harness plugins` shows what is installed/)
  })

  it('tells of a daemon that has an older build of a linked one', async () => {
    await using box = await sandbox()
    const folder = path.join(box.folder, 'linked')
    await cp(path.join(root, 'test/fixtures/plugins/good'), folder, {recursive: true})
    good(await box.run('plugins', 'link', folder, '--no-install'))
    good(await box.run('daemon', 'start'))
    assert.equal((await box.run('daemon', 'status')).stderr, '')
    await appendFile(path.join(folder, 'register.js'), '\n// Another build.\n')
    assert.match(
      (await box.run('daemon', 'status')).stderr,
      /harness-plugin-good 1\.2\.3 was built anew[^]*daemon restart/,
    )
    good(await box.run('daemon', 'restart'))
    assert.equal((await box.run('daemon', 'status')).stderr, '')
  })

  it('changes nothing when one cannot be loaded, and says why', async () => {
    await using box = await sandbox()
    good(await box.run('plugins', 'install', 'harness-plugin-sleeper@1.0.0'))
    for (const name of ['harness-plugin-broken', 'harness-plugin-sleeper@1.0.1']) {
      const {code, stderr} = await box.run('plugins', 'install', name)
      assert.equal(code, 6)
      assert.match(stderr, /was not taken: version 1\.0\.[01] \(user\): .*it was built on a Friday/)
      assert.match(stderr, /Nothing was changed/)
    }
    assert.match((await box.run('plugins')).stdout, /^harness-plugin-sleeper 1\.0\.0 /m)
    assert.match((await box.run('types', 'sleeper')).stdout, /from harness-plugin-sleeper 1\.0\.0/)
  })

  it('changes nothing when the registry does not have it', async () => {
    await using box = await sandbox()
    good(await box.run('plugins', 'install', 'harness-plugin-sleeper@1.0.0'))
    for (const name of ['no-such-plugin', 'harness-plugin-sleeper@9.9.9']) {
      const {code, stderr} = await box.run('plugins', 'install', name)
      assert.deepEqual([code, /failed and has changed nothing/.test(stderr)], [6, true], stderr)
    }
    assert.match((await box.run('types', 'sleeper')).stdout, /from harness-plugin-sleeper 1\.0\.0/)
    const {code, stderr} = await box.run('plugins', 'uninstall', 'harness-plugin-other')
    assert.deepEqual([code, /`harness plugins` shows what is installed/.test(stderr)], [6, true], stderr)
  })

  it('of two at once both do their work', async () => {
    await using box = await sandbox()
    const both = ['harness-plugin-sleeper@1.0.0', 'harness-plugin-other'].map((name) =>
      box.run('plugins', 'install', name),
    )
    for (const ran of await Promise.all(both)) good(ran)
    const {stdout} = await box.run('plugins')
    assert.match(stdout, /harness-plugin-other/)
    assert.match(stdout, /harness-plugin-sleeper/)
  })

  it('updates, links, inspects, uninstalls and resets', async () => {
    await using box = await sandbox()
    good(await box.run('plugins', 'install', 'harness-plugin-other'))
    await using source = await Sandbox.make()
    const folder = path.join(source.folder, 'other-1.1.0')
    await registry.publish(
      await writePlainPlugin(folder, {name: 'harness-plugin-other', version: '1.1.0', type: 'other'}),
    )
    good(await box.run('plugins', 'update'))
    assert.match((await box.run('plugins', 'inspect', 'harness-plugin-other')).stdout, /version 1\.1\.0/)
    const linked = path.join(box.folder, 'linked')
    await writePlainPlugin(linked, {name: 'harness-plugin-linked', version: '0.1.0', type: 'linked'})
    assert.match(good(await box.run('plugins', 'link', linked)), /0\.1\.0 brings service type 'linked'/)
    good(await box.run('plugins', 'uninstall', 'harness-plugin-other'))
    const list = (await box.run('plugins')).stdout
    assert.match(list, /harness-plugin-linked 0\.1\.0 \(link\)/)
    assert.doesNotMatch(list, /harness-plugin-other/)
    good(await box.run('plugins', 'reset'))
    assert.match((await box.run('plugins')).stdout, /No plugins installed/)
    await rm(linked, {recursive: true})
  })

  it('installs no second copy of the host beside a plugin that names it as its peer', async () => {
    await using box = await sandbox()
    good(await box.run('plugins', 'install', 'harness-plugin-peer'))
    const modules = path.join(path.dirname(box.state), 'data', 'node_modules')
    assert.deepEqual(
      (await readdir(modules)).filter((name) => !name.startsWith('.')),
      ['harness-plugin-peer'],
    )
  })
})
