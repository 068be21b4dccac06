import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {beforeEach, describe, it} from 'mocha'
import type {ServiceStatus} from '../../src/core/contract/status.js'
import {connectionsTo} from '../plugins/ssh/ssh-parts.js'
import {withMachine} from '../plugins/ssh/with-machine.js'
import {processesNaming, Sandbox, until} from '../support/harness.js'

describe('services on another machine', function () {
  this.timeout(120_000)
  const machine = withMachine()

  beforeEach(() => {
    machine().link.mend()
  })

  async function sandboxWith(services: string): Promise<Sandbox> {
    const sandbox = await Sandbox.make()
    sandbox.variables = {HARNESS_SSH_CONFIG: await sandbox.write(machine().config, 'ssh_config')}
    await sandbox.write(`name: far\nservices:\n${services}`)
    return sandbox
  }

  async function statusOf(sandbox: Sandbox, name: string): Promise<ServiceStatus> {
    const {services} = await sandbox.json<{readonly services: readonly ServiceStatus[]}>('status')
    const found = services.find((service) => service.name === name)
    assert.ok(found, `there is no service '${name}'`)
    return found
  }

  it('are 20 on one host over one connection, also with checks by command', async () => {
    const service = `{type: remote, host: box, binary: sleep, args: ['1000'], health_check: {command: ['true'], interval: 300ms}}`
    const names = Array.from({length: 20}, (_, index) => `s${index}`)
    await using sandbox = await sandboxWith(names.map((name) => `  ${name}: ${service}\n`).join(''))
    const started = await sandbox.run('start')
    assert.equal(started.code, 0, started.stderr)
    assert.equal(connectionsTo(machine().link.port), 1)
    assert.equal((await sandbox.run('stop')).code, 0)
  })

  it('are unknown and not stopped while their host is down, and block what needs them, with the reason', async () => {
    await using sandbox = await sandboxWith(
      `  db: {type: remote, host: box, binary: sleep, args: ['1000']}\n` +
        `  api: {type: process, binary: sleep, args: ['1000'], dependencies: [db]}\n`,
    )
    machine().link.cut()
    const down = await sandbox.run('start')
    assert.match(down.stderr, /db failed: Host '.*' cannot be reached/)
    assert.match(down.stderr, /api is blocked: api needs service 'db', which failed \(Host '.*' cannot be reached/)
    machine().link.mend()
    assert.equal((await sandbox.run('start', 'db')).code, 0)
    const {pid} = await statusOf(sandbox, 'db')

    machine().link.cut()
    await until(async () => (await statusOf(sandbox, 'db')).reachability === 'unknown', 'db is unknown')
    assert.equal((await statusOf(sandbox, 'db')).state, 'Running')
    const blocked = await sandbox.run('start', 'api')
    assert.match(blocked.stderr, /api is blocked: api needs service 'db', which cannot be reached now/)

    await sandbox.killDaemon()
    const later = await sandbox.run('start', 'api')
    assert.match(later.stderr, /api is blocked: api needs service 'db', which cannot be reached: Host '.*' cannot be/)
    assert.equal((await statusOf(sandbox, 'db')).state, 'Running')

    machine().link.mend()
    await until(async () => (await statusOf(sandbox, 'db')).reachability === 'known', 'db is known', 60_000)
    const back = await sandbox.run('start', 'api')
    assert.equal(back.code, 0, back.stderr)
    assert.equal((await statusOf(sandbox, 'db')).pid, pid, 'it is the same process')
    assert.equal((await sandbox.run('stop')).code, 0)
  })

  it('keep secrets out of every command line there, and out of what is printed', async () => {
    const secret = 'pa55-word-of-the-test'
    await using sandbox = await sandboxWith(
      `  db:\n    type: remote\n    host: box\n    binary: sh\n    args: [-c, 'echo "it is $$PASSWORD"; exec sleep 1000']\n` +
        `    env: {PASSWORD: '\${secret.PASSWORD}'}\nsecrets: {PASSWORD: {env: PASSWORD}}\n`,
    )
    sandbox.variables = {...sandbox.variables, PASSWORD: secret}
    const over = new AbortController()
    const watching = (async () => {
      while (!over.signal.aborted) assert.deepEqual(await commandLinesWith(secret), [])
    })()
    assert.equal((await sandbox.run('start')).code, 0)
    const beside = await sandbox.run('exec', 'db', '--', 'sh', '-c', 'test -n "$PASSWORD" && echo given')
    assert.equal(beside.stdout.trim(), 'given', beside.stderr)
    over.abort()
    await watching
    await until(async () => (await sandbox.run('logs', 'db')).stdout.includes('it is'), 'its line is here')
    assert.doesNotMatch((await sandbox.run('logs', 'db')).stdout, new RegExp(secret))
    assert.equal((await sandbox.run('stop')).code, 0)
  })

  it('that run already are taken in by `attach`, and are not stopped', async () => {
    const child = spawn('sleep', ['1000'], {stdio: 'ignore'})
    try {
      await using sandbox = await sandboxWith('')
      const file = path.join(sandbox.folder, 'pid')
      await writeFile(file, `${child.pid ?? 0}\n`)
      await sandbox.write(
        `name: far\nservices:\n  db: {type: remote, host: box, attach: {pid_file: ${file}}, ports: [5432]}\n`,
      )
      assert.equal((await sandbox.run('start')).code, 0)
      const {pid, host, endpoints} = await statusOf(sandbox, 'db')
      const [{host: at, port, containerPort = port} = assert.fail('it has no endpoint')] = endpoints
      assert.deepEqual([pid, host, at, containerPort], [child.pid, 'box', '127.0.0.1', 5432])
      assert.equal((await sandbox.run('stop')).code, 0)
      assert.equal(child.exitCode, null, 'it runs on')
    } finally {
      child.kill('SIGKILL')
    }
  })

  it('leave nothing of a hostile tree when they are stopped', async () => {
    const mark = 'mark-of-a-hostile-tree'
    const stubborn = `sh -c 'trap "" TERM; while :; do sleep 1; done' ${mark}`
    await using sandbox = await sandboxWith('')
    const script = path.join(sandbox.folder, 'hostile.sh')
    await writeFile(script, `trap '' TERM\n(setsid ${stubborn} &)\nsetsid env -i ${stubborn} &\n${stubborn}\n`)
    const target = {type: 'remote', host: 'box', binary: 'sh', args: [script], shutdown_timeout: '300ms'}
    await sandbox.write(JSON.stringify({name: 'far', services: {db: target}}))
    assert.equal((await sandbox.run('start')).code, 0)
    await until(async () => (await processesNaming(mark)).length === 3, 'the tree has grown')
    const stopped = await sandbox.run('stop')
    assert.equal(stopped.code, 0, stopped.stderr)
    assert.deepEqual(await processesNaming(mark), [])
  })
})

async function commandLinesWith(text: string): Promise<readonly string[]> {
  const {readdir, readFile} = await import('node:fs/promises')
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter((line) => line.includes(text))
}
