import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync} from 'node:fs'
import {cp, mkdir, readdir, readFile, symlink} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {createInterface} from 'node:readline'
import {text} from 'node:stream/consumers'
import {describe, it} from 'mocha'
import {connect, isHarnessError, startStack} from '../../src/index.js'
import {isAlive, processesNaming, root, Sandbox, until} from '../support/harness.js'

const server =
  "require('node:http').createServer((_, r) => r.end('hello')).listen(process.env.PORT, () => console.log('up'))"
const stackFile = `
name: demo
services:
  api:
    type: process
    binary: ${process.execPath}
    args: [-e, "${server}"]
    ports: {http: 0}
    env: {PORT: '\${api.port}'}
    health_check: {http: '\${api.url}/'}
    dependencies: [db]
  db: {type: process, binary: sh, args: [-c, 'echo "$$GREETING"; exec sleep 1000']}
`

async function temporaryFolders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('harness-stack-'))
}

describe('startStack', function () {
  this.timeout(60_000)

  it('starts a stack with a daemon of its own, and leaves nothing', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(stackFile)
    const before = await temporaryFolders()
    let pid = 0
    {
      await using stack = await startStack('harness.yaml', {cwd: sandbox.folder, env: {GREETING: 'hi there'}})
      ;({pid} = stack.client.hello.daemon)
      assert.equal(stack.name, 'demo')
      const {url} = stack.endpoint('api', 'http')
      assert.equal(url, stack.endpoint('api').url)
      assert.equal(await (await fetch(url)).text(), 'hello')
      const texts: string[] = []
      for await (const line of stack.logs()) texts.push(`${line.service} ${line.text}`)
      assert.deepEqual(texts, ['db hi there', 'api up'])
      const {services} = await stack.status()
      assert.deepEqual(
        services.map(({name, state}) => `${name} ${state}`),
        ['api Running', 'db Running'],
      )
      assert.throws(() => stack.endpoint('apo'), {code: 'SERVICE_UNKNOWN', hint: "There is endpoint('api', 'http')."})
      await Promise.all([stack.stop(), stack.stop()])
    }
    assert.equal(await isAlive(pid), false)
    assert.deepEqual(await temporaryFolders(), before)
    assert.deepEqual(await sandbox.processes(), [])
  })

  it('says what failed with its last lines, and leaves nothing', async () => {
    await using sandbox = await Sandbox.make()
    const before = await temporaryFolders()
    await sandbox.write(`
name: demo
services:
  web: {type: process, binary: 'true', dependencies: [db]}
  db: {type: process, binary: sh, args: [-c, 'echo no such table; exit 3'], health_check: {log: ready}}
`)
    await assert.rejects(startStack([], {cwd: sandbox.folder}), (error) => {
      assert.ok(isHarnessError(error) && error.code === 'STACK_FAILED')
      assert.match(error.message, /db: .*3.*\n {2}db │ no such table\nweb: waits for db/)
      return true
    })
    await assert.rejects(startStack('missing.yaml', {cwd: sandbox.folder}), {code: 'CONFIG_NOT_FOUND'})
    assert.deepEqual(await temporaryFolders(), before)
  })

  it('stops what it has begun when its signal aborts', async () => {
    await using sandbox = await Sandbox.make()
    const before = await temporaryFolders()
    await sandbox.write(`
services:
  slow: {type: process, binary: sleep, args: ['1000'], min_uptime: 60s}
`)
    const controller = new AbortController()
    const reason = new Error('enough')
    const onProgress = (): void => {
      controller.abort(reason)
    }
    const start = startStack([], {cwd: sandbox.folder, signal: controller.signal, onProgress})
    await assert.rejects(start, reason)
    assert.deepEqual(await temporaryFolders(), before)
  })

  it('gives a daemon that it starts nothing that the secrets of the stack come from', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
name: demo
secrets: {TOKEN: {env: CI_TOKEN}}
services: {api: {type: process, binary: sleep, args: ['1000'], env: {TOKEN: '\${secret.TOKEN}'}}}
`)
    const usual = {...process.env}
    const environOf = (pid: number | null | undefined): Promise<string> => readFile(`/proc/${pid ?? 0}/environ`, 'utf8')
    Object.assign(process.env, {CI_TOKEN: 'the-secret-itself', CI_OTHER: 'seen', HARNESS_STATE_DIR: sandbox.state})
    try {
      for (const isolated of [true, false]) {
        await using stack = await startStack([], {cwd: sandbox.folder, isolated})
        const daemon = await environOf(stack.client.hello.daemon.pid)
        assert.match(daemon, /CI_OTHER=seen/)
        assert.doesNotMatch(daemon, /the-secret-itself/)
        const {services} = await stack.status()
        const service = await environOf(services[0]?.pid)
        assert.match(service, /(^|\0)TOKEN=the-secret-itself/)
        assert.doesNotMatch(service, /CI_TOKEN/)
      }
    } finally {
      for (const name of ['CI_TOKEN', 'CI_OTHER', 'HARNESS_STATE_DIR']) {
        if (usual[name] === undefined) Reflect.deleteProperty(process.env, name)
        else process.env[name] = usual[name]
      }
    }
  })

  it('leaves nothing when its process is killed', async () => {
    await using sandbox = await Sandbox.make()
    const file = await sandbox.write(stackFile)
    const program = `
      import {startStack} from ${JSON.stringify(path.join(root, 'src/index.ts'))}
      const stack = await startStack(${JSON.stringify(file)})
      const {pid} = stack.client.hello.daemon
      const {stateDir} = await stack.client.daemon.info()
      const {services} = await stack.status()
      console.log(JSON.stringify({pid, stateDir, pids: services.map(({pid}) => pid)}))
    `
    const runner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      cwd: root,
      env: sandbox.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(createInterface(runner.stdout), 'line')) as [string]
    const {pid, stateDir, pids} = JSON.parse(line) as {pid: number; stateDir: string; pids: number[]}
    assert.equal(pids.length, 2)
    for (const each of [pid, ...pids]) assert.equal(await isAlive(each), true)
    runner.kill('SIGKILL')
    await until(async () => (await processesNaming(stateDir)).length === 0, 'everything has ended')
    for (const each of [pid, ...pids]) assert.equal(await isAlive(each), false)
    await until(() => !existsSync(stateDir), 'its folder is gone')
  })

  it('uses the daemon of the user when it is asked to, and stops only what it has started', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(stackFile)
    const {HARNESS_STATE_DIR: usual} = process.env
    process.env['HARNESS_STATE_DIR'] = sandbox.state
    try {
      assert.equal((await sandbox.run('start', 'db')).code, 0)
      const stack = await startStack('harness.yaml', {cwd: sandbox.folder, isolated: false})
      assert.equal(stack.client.hello.daemon.pid, await sandbox.daemonPid())
      await stack.stop()
      await using client = await connect()
      const {services} = await client.service.status({stack: 'demo'})
      assert.deepEqual(
        services.map(({name, state}) => `${name} ${state}`),
        ['api Stopped', 'db Running'],
      )
    } finally {
      if (usual === undefined) delete process.env['HARNESS_STATE_DIR']
      else process.env['HARNESS_STATE_DIR'] = usual
    }
  })
})

describe('examples/test-with-mocha', function () {
  this.timeout(60_000)

  it('passes, and leaves nothing', async () => {
    await using sandbox = await Sandbox.make()
    await cp(path.join(root, 'examples/test-with-mocha'), sandbox.folder, {recursive: true})
    const modules = path.join(sandbox.folder, 'node_modules')
    await mkdir(path.join(modules, '@service-harness'), {recursive: true})
    await symlink(root, path.join(modules, '@service-harness', 'cli'))
    await symlink(path.join(root, 'node_modules', 'mocha'), path.join(modules, 'mocha'))
    const before = await temporaryFolders()
    const mocha = spawn(process.execPath, [path.join(modules, 'mocha/bin/mocha.js')], {
      cwd: sandbox.folder,
      env: sandbox.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [output, [code]] = await Promise.all([text(mocha.stdout), once(mocha, 'exit') as Promise<[number]>])
    assert.equal(code, 0, output)
    assert.match(output, /3 passing/)
    assert.deepEqual(await temporaryFolders(), before)
    assert.deepEqual(await sandbox.processes(), [])
  })
})
