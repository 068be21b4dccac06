import assert from 'node:assert/strict'
import {mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {ServiceStatus, StackStatus, StartOutcome} from '../../../src/core/contract/status.js'
import {buildPackage} from '../../../plugins/ssh/src/package/archive/build-package.js'
import {isAlive, processesNaming, Sandbox, until} from '../../support/harness.js'
import {needs} from '../../support/needs.js'
import {clientConfig, hasSshd, startSshd, type Sshd} from '../../support/sshd.js'

/** What a version of the web service does: answer, answer badly, or end. */
const servers = {
  good: `import {createServer} from 'node:http'
createServer((_, answer) => answer.end(process.env.HARNESS_PACKAGE_VERSION)).listen(Number(process.env.PORT), '127.0.0.1')
console.log('version ' + process.env.HARNESS_PACKAGE_VERSION + ' serves')
`,
  bad: `import {createServer} from 'node:http'
createServer((_, answer) => { answer.statusCode = 503; answer.end() }).listen(Number(process.env.PORT), '127.0.0.1')
console.error('the schema is too old')
`,
  dying: `console.error('no such table'); process.exit(7)
`,
}

describe('a service of type package', function () {
  this.timeout(120_000)
  let sshd: Sshd | undefined

  before(async function () {
    needs(this, hasSshd(), 'sshd, as root')
    sshd = await startSshd()
  })

  after(() => {
    sshd?.[Symbol.dispose]()
  })

  const open = (): Promise<Site> => Site.make(sshd!)

  it('is installed and runs; a broken version is taken back, and the one before runs again', async () => {
    await using site = await open()
    const port = await site.port()
    await site.build('1.0.0', 'good')
    await site.define('web-1.0.0.tgz', port)
    const first = await site.sandbox.run('start')
    assert.equal(first.code, 0, first.stderr)
    assert.equal(await answer(port), '1.0.0')
    assert.match(await site.current(), /^versions\/1\.0\.0-[0-9a-f]{12}$/)
    const before = await site.service()
    assert.equal(before.state, 'Running')

    await site.build('2.0.0', 'bad')
    await site.define('web-2.0.0.tgz', port)
    const second = await site.sandbox.run('apply')
    assert.equal(second.code, 4, second.stdout + second.stderr)
    const report = second.stdout + second.stderr
    assert.match(
      report,
      /version 2\.0\.0 was not healthy within 2 s: http 503 from http:\/\/127\.0\.0\.1:\d+\/, expected 200-299/,
    )
    assert.match(report, /it printed last: the schema is too old; version 1\.0\.0 runs again/)
    assert.equal(await answer(port), '1.0.0')
    assert.match(await site.current(), /^versions\/1\.0\.0-/)
    const after = await site.service()
    assert.equal(after.state, 'Running')
    assert.notEqual(after.pid, before.pid)
    assert.match(after.reason ?? '', /; version 1\.0\.0 runs again$/)
    const {stdout: logs} = await site.sandbox.run('logs', 'web', '--no-color')
    assert.match(
      logs,
      /the schema is too old[\s\S]*harness: version 2\.0\.0 was not healthy[\s\S]*version 1\.0\.0 serves/,
    )

    // It is looked after: also by the next daemon, and by its restart policy, which does not try the broken one again.
    await site.sandbox.killDaemon()
    assert.equal((await site.service()).pid, after.pid)
    process.kill(after.pid!, 'SIGKILL')
    await until(async () => {
      const {pid, state} = await site.service()
      return state === 'Running' && pid !== after.pid
    }, 'it is restarted')
    assert.equal(await answer(port), '1.0.0')
    assert.equal((await site.service()).attempt, 3)

    await site.build('3.0.0', 'good')
    await site.define('web-3.0.0.tgz', port)
    const third = await site.sandbox.run('apply')
    assert.equal(third.code, 0, third.stderr)
    assert.equal(await answer(port), '3.0.0')
    assert.equal((await site.service()).reason, null)
    assert.equal((await site.sandbox.run('stop')).code, 0)
    assert.deepEqual(await site.left(), [])
  })

  it('fails, and leaves nothing, where the first version is broken', async () => {
    await using site = await open()
    await site.build('1.0.0', 'dying')
    await site.define('web-1.0.0.tgz', await site.port())
    const {failed} = await site.sandbox.json<StartOutcome>('start')
    assert.match(
      failed[0]?.reason ?? '',
      /^version 1\.0\.0 ended before it was healthy \(exit 7\); it printed last: no such table$/,
    )
    assert.equal((await site.service()).state, 'Failed')
    await assert.rejects(site.current())
    assert.match((await site.sandbox.run('logs', 'web')).stdout, /no such table/)
    assert.deepEqual(await site.left(), [])
  })

  it('runs the version of before where the new one cannot be installed', async () => {
    await using site = await open()
    const port = await site.port()
    await site.build('1.0.0', 'good')
    await site.define('web-1.0.0.tgz', port)
    assert.equal((await site.sandbox.run('start')).code, 0)
    await site.build('2.0.0', 'good', {pre_install: 'echo no room >&2; exit 3'})
    await site.define('web-2.0.0.tgz', port)
    const {failed} = await site.sandbox.json<StartOutcome>('apply')
    assert.match(
      failed[0]?.reason ?? '',
      /^version 2\.0\.0 could not be installed: pre_install of .* ended with 3; it printed: no room; version 1\.0\.0 runs again$/,
    )
    assert.equal(await answer(port), '1.0.0')
    assert.equal((await site.sandbox.run('stop')).code, 0)
  })

  it('names what is wrong with its file before anything is sent', async () => {
    await using site = await open()
    await site.build('1.0.0', 'good')
    await site.define('web-1.0.0.tgz', 1, {version: '1.0.1'})
    const wrong = await site.sandbox.json<StartOutcome>('start')
    assert.match(wrong.failed[0]?.reason ?? '', /is version 1\.0\.0, and 'version' says 1\.0\.1$/)
    await site.define('web-9.0.0.tgz', 1)
    const missing = await site.sandbox.json<StartOutcome>('start')
    assert.equal(missing.failed[0]?.reason, "its package 'web-9.0.0.tgz' cannot be used: there is no such file")
    await assert.rejects(readdir(site.install))
  })

  it('waits for another deploy of the same package, and says for whom', async () => {
    await using one = await open()
    await using other = await Site.make(sshd!, one)
    await one.build('1.0.0', 'bad')
    await one.define('web-1.0.0.tgz', await one.port())
    await other.build('2.0.0', 'good')
    const port = await other.port()
    await other.define('web-2.0.0.tgz', port)
    const first = one.sandbox.run('start')
    await until(
      async () => (await readFile(path.join(one.install, 'lock.owner'), 'utf8').catch(() => '')) !== '',
      'the first deploys',
    )
    const second = other.sandbox.run('start')
    let said = ''
    await until(async () => {
      said = (await other.service().catch(() => undefined))?.reason ?? ''
      return said.startsWith('waiting')
    }, 'the second waits')
    assert.match(said, /^waiting on \S+ for the deploy of web 1\.0\.0 for 'web' by \S+@\S+$/)
    assert.equal((await first).code, 4)
    assert.equal((await second).code, 0)
    assert.equal(await answer(port), '2.0.0')
    for (const site of [one, other]) assert.equal((await site.sandbox.run('stop')).code, 0)
  })

  it('is listed, rolled back and pruned by its service or its machine', async () => {
    await using site = await open()
    const port = await site.port()
    for (const version of ['1.0.0', '2.0.0', '3.0.0']) {
      await site.build(version, 'good')
      await site.define(`web-${version}.tgz`, port)
      assert.equal((await site.sandbox.run('apply')).code, 0)
    }
    const at = ['--host', 'box', '--install-path', site.install]
    const listed = await site.sandbox.json<{versions: readonly {version: string; is: readonly string[]}[]}>(
      ...['package', 'list', ...at],
    )
    assert.deepEqual(
      listed.versions.map(({version, is}) => [version, ...is]),
      [['3.0.0', 'current'], ['2.0.0', 'previous'], ['1.0.0']],
    )
    const back = await site.sandbox.run('package', 'rollback', '--service', 'web')
    assert.equal(back.code, 0, back.stderr)
    assert.match(
      back.stdout,
      /^2\.0\.0-\w+ is current on \S+, and was 3\.0\.0-\w+\.\nThe service was restarted with 2\.0\.0\.\n$/,
    )
    assert.equal(await answer(port), '2.0.0')
    // What somebody has decided stays, whoever starts it.
    assert.equal((await site.sandbox.run('restart', 'web')).code, 0)
    assert.equal(await answer(port), '2.0.0')
    const pruned = await site.sandbox.run('package', 'prune', '-s', 'web', '--keep', '0', '--dry-run')
    assert.match(pruned.stdout, /^Would remove 1\.0\.0-\w+ \(\d+ KiB\)\n$/)
    assert.match((await site.sandbox.run('package', 'prune', ...at, '--keep', '0')).stdout, /^Removed 1\.0\.0-/)
    assert.equal((await readdir(path.join(site.install, 'versions'))).length, 2)
    const list = await site.sandbox.run('package', 'list', '--service', 'web')
    assert.match(
      list.stdout,
      /3\.0\.0-\w+ .* KiB {2}previous, refused \(3\.0\.0 rolled back to 2\.0\.0\)\n2\.0\.0-\w+ .*current\n$/,
    )
    assert.equal((await site.sandbox.run('package', 'rollback', ...at, '--to', '3.0.0')).code, 0)
    assert.equal((await site.sandbox.run('restart', 'web')).code, 0)
    assert.equal(await answer(port), '3.0.0')

    const nowhere = await site.sandbox.run('package', 'list', '--host', 'box', '--name', 'nothing-of-this-name')
    assert.equal(nowhere.code, 4)
    assert.match(nowhere.stderr, /There is no package in ~\/\.local\/share\/harness\/packages\/nothing-of-this-name on/)
    assert.equal((await site.sandbox.run('package', 'list')).code, 2)
    assert.equal((await site.sandbox.run('stop')).code, 0)
  })

  it('is begun anew where the daemon died while it was tried', async () => {
    await using site = await open()
    const port = await site.port()
    await site.build('1.0.0', 'good')
    await site.define('web-1.0.0.tgz', port)
    assert.equal((await site.sandbox.run('start')).code, 0)
    await site.build('2.0.0', 'bad')
    await site.define('web-2.0.0.tgz', port)
    const applying = site.sandbox.run('apply')
    await until(async () => (await site.current().catch(() => '')).startsWith('versions/2.0.0'), 'it is tried')
    await site.sandbox.killDaemon()
    await applying
    await until(async () => (await site.service()).state === 'Running', 'one runs', 60_000)
    assert.equal(await answer(port), '1.0.0')
    assert.match(await site.current(), /^versions\/1\.0\.0-/)
    assert.match((await site.service()).reason ?? '', /version 1\.0\.0 runs again$/)
    assert.equal((await site.sandbox.run('stop')).code, 0)
    assert.deepEqual(await site.left(), [])
  })
})

async function answer(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/`)
  return await response.text()
}

/** A stack whose one service is a package, on a machine that is this one by another way. */
class Site implements AsyncDisposable {
  private constructor(
    readonly sandbox: Sandbox,
    private readonly folder: string,
    /** Where it is installed. */
    readonly install: string,
    private readonly user: string,
  ) {}

  static async make(sshd: Sshd, beside?: Site): Promise<Site> {
    const sandbox = await Sandbox.make()
    const folder = await mkdtemp(path.join(tmpdir(), 'harness-site-'))
    const config = path.join(folder, 'ssh_config')
    await writeFile(config, clientConfig({box: sshd}))
    sandbox.variables = {HARNESS_SSH_CONFIG: config, SSH_AUTH_SOCK: undefined}
    return new Site(sandbox, folder, beside?.install ?? path.join(folder, 'installed'), 'box')
  }

  async port(): Promise<number> {
    const {createServer} = await import('node:net')
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const {port} = server.address() as {port: number}
    await new Promise((resolve) => server.close(resolve))
    return port
  }

  async build(version: string, server: keyof typeof servers, more: object = {}): Promise<void> {
    const source = path.join(this.folder, version)
    await mkdir(path.join(source, 'bin'), {recursive: true})
    await writeFile(path.join(source, 'server.mjs'), servers[server])
    await writeFile(path.join(source, 'bin/web'), '#!/bin/sh\nexec "$NODE" server.mjs\n', {mode: 0o755})
    const health = {http: 'http://127.0.0.1:${PORT}/', start_interval: '50ms', startup_timeout: '2s', interval: '200ms'}
    const definition = {name: 'web', version, binaries: {web: 'bin/web'}, start: {binary: 'web'}, health, ...more}
    await writeFile(path.join(source, 'harness-package.yaml'), JSON.stringify(definition))
    await buildPackage(source, path.join(this.sandbox.folder, `web-${version}.tgz`))
  }

  async define(file: string, port: number, more: object = {}): Promise<void> {
    const target = {type: 'package', host: this.user, package: file, install_path: this.install, ...more}
    const env = {NODE: process.execPath, PORT: String(port)}
    const restart = {policy: 'always', delay: '100ms'}
    await this.sandbox.write(JSON.stringify({name: 'site', services: {web: {target, env, restart}}}))
  }

  async service(): Promise<ServiceStatus> {
    const {services} = await this.sandbox.json<StackStatus>('status')
    return services[0]!
  }

  current(): Promise<string> {
    return readlink(path.join(this.install, 'current'))
  }

  /** Programs of what is installed that still run. */
  async left(): Promise<readonly number[]> {
    const found = await processesNaming(`${this.install}/versions`)
    const alive = await Promise.all(found.map(async (pid) => ((await isAlive(pid)) ? [pid] : [])))
    return alive.flat()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sandbox[Symbol.asyncDispose]()
    for (const pid of await this.left()) process.kill(pid, 'SIGKILL')
    await rm(this.folder, {recursive: true, force: true})
  }
}
