import assert from 'node:assert/strict'
import {after, before, describe, it} from 'mocha'
import type {ServiceStatus, StackStatus, StartOutcome} from '../../src/core/contract/status.js'
import type {PlannedStep} from '../../src/core/protocol/notifications.js'
import {freePort} from '../support/free-port.js'
import {needs} from '../support/needs.js'
import {processesNaming, Sandbox, until} from '../support/harness.js'
import {hasSshd, startSshd, type Sshd} from '../support/sshd.js'

/** Only what has come over ssh has this variable. */
const overSsh = '[ -n "$SSH_CONNECTION" ]'

/** A `$` of a stack file that means itself. */
function literal(text: string): string {
  return text.replaceAll('$', '$$$$')
}

describe('a service in layers', function () {
  this.timeout(45_000)
  const servers: Sshd[] = []
  let hops: readonly string[] = []

  before(async function () {
    needs(this, hasSshd(), 'sshd, as root')
    const hop = async (): Promise<string> => {
      const port = await freePort()
      const server = await startSshd({port})
      servers.push(server)
      return `{type: ssh, host: 127.0.0.1, user: root, port: ${port}, config: ${server.config}}`
    }
    hops = [await hop(), await hop()]
  })

  after(() => {
    for (const server of servers) server[Symbol.dispose]()
  })

  /** `MARK` is found again in the environment of all that it runs, here and there. */
  async function stackOf(sandbox: Sandbox, script: string, more = ''): Promise<string> {
    const mark = `${sandbox.folder}/mark`
    await sandbox.write(`
services:
  api:
    type: process
    binary: sh
    args: [-c, '${literal(script)}']
    env: {GREETING: "it's \\"me\\"", MARK: '${mark}'}
    working_dir: /tmp
    shutdown_timeout: 4s
    health_check: {command: [sh, -c, '${literal(overSsh)}'], interval: 1s}
${more}
environments:
  near: {layers: [${hops.join(', ')}]}
`)
    return `MARK=${mark}`
  }

  async function statusOf(sandbox: Sandbox): Promise<ServiceStatus> {
    const [service] = (await sandbox.json<StackStatus>('status')).services
    assert.ok(service)
    return service
  }

  const waits = `${overSsh} && echo "$GREETING in $PWD"; trap "exit 3" TERM; while :; do sleep 0.1; done`

  it('is checked, seen and ended where it runs, also by another daemon', async () => {
    await using sandbox = await Sandbox.make()
    const mark = await stackOf(sandbox, waits)
    const {steps} = await sandbox.json<{readonly steps: readonly PlannedStep[]}>('start', '--dry-run', '--env', 'near')
    assert.match(steps[0]?.layers ?? '', /^ssh root@127\.0\.0\.1:\d+ → ssh root@127\.0\.0\.1:\d+$/)
    const outcome = await sandbox.json<StartOutcome>('start', '--env', 'near', '--timeout', '30s')
    assert.deepEqual(outcome.started, ['api'])
    const {state, host, attempt} = await statusOf(sandbox)
    assert.deepEqual([state, host, attempt], ['Running', steps[0]?.layers, 1])
    assert.match((await sandbox.run('logs', 'api')).stdout, /it's "me" in \/tmp/)
    await sandbox.killDaemon()
    const asked = `${overSsh}; echo "$? $GREETING $PWD"; exit 9`
    const ran = await sandbox.run('exec', 'api', '--', 'sh', '-c', asked)
    assert.deepEqual([ran.stdout, ran.code], [`0 it's "me" /tmp\n`, 9])
    const after = await statusOf(sandbox)
    assert.deepEqual([after.state, after.attempt], ['Running', 1])
    assert.equal((await sandbox.run('exec', '--tty', 'api', '--', 'sh')).code, 5)
    assert.equal((await sandbox.run('signal', 'api', 'HUP')).code, 5)
    assert.ok((await processesNaming(mark)).length > 0)
    await sandbox.run('stop')
    assert.deepEqual(await processesNaming(mark), [], 'nothing of it is left once the stop is over')
    const {exit} = await statusOf(sandbox)
    assert.equal(exit?.code, 3)
  })

  it('is ended by force where it runs when it does not end by itself', async () => {
    await using sandbox = await Sandbox.make()
    const mark = await stackOf(sandbox, 'trap "" TERM; sh -c "trap \\"\\" TERM; while :; do sleep 0.1; done" & wait')
    await sandbox.run('start', '--env', 'near', '--timeout', '30s')
    assert.equal((await statusOf(sandbox)).state, 'Running')
    await sandbox.run('stop')
    // On a busy machine whoever waits here may lose patience a moment before it has ended there.
    await until(async () => (await processesNaming(mark)).length === 0, 'nothing of it runs any more')
  })

  it('ends by itself there when what leads to it is killed', async () => {
    await using sandbox = await Sandbox.make()
    const mark = await stackOf(sandbox, waits)
    await sandbox.run('start', '--env', 'near', '--timeout', '30s')
    const {pid} = await statusOf(sandbox)
    process.kill(-(pid ?? 0), 'SIGKILL')
    await until(async () => (await processesNaming(mark)).length === 0, 'nothing of it runs any more')
  })

  it('that reads its input ends there too, and a command beside it with whoever leaves', async () => {
    await using sandbox = await Sandbox.make()
    const mark = await stackOf(sandbox, 'while read -r line; do echo "got $line"; done', '    stdin: true')
    await sandbox.run('start', '--env', 'near', '--timeout', '30s')
    const piped = await sandbox.run('exec', 'api', '--', 'sh', '-c', 'sleep 1000 & echo started')
    assert.deepEqual([piped.stdout, piped.code], ['started\n', 0])
    const beside = sandbox.begin('exec', 'api', '--', 'sh', '-c', `BESIDE=${mark} exec sleep 1001`)
    await until(async () => (await processesNaming(`BESIDE=${mark}`)).length > 1, 'it runs')
    beside.kill('SIGKILL')
    await until(async () => (await processesNaming(`BESIDE=${mark}`)).length === 0, 'it has ended')
    await sandbox.run('stop')
    await until(async () => (await processesNaming(mark)).length === 0, 'nothing of it runs any more')
  })

  it('keeps its environment over a restart of the daemon, and is another one without', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
services: {api: {type: process, binary: sleep, args: ['1000']}}
environments: {near: {layers: [${hops[0] ?? ''}]}}
`)
    await sandbox.run('start', '--env', 'near', '--timeout', '30s')
    await sandbox.killDaemon()
    const again = await sandbox.json<StartOutcome>('start')
    assert.deepEqual((await statusOf(sandbox)).attempt, 1, JSON.stringify(again))
    await sandbox.run('stop')
    await sandbox.run('start')
    assert.equal((await statusOf(sandbox)).host, null)
  })

  it('is told of as a problem where it cannot be', async () => {
    await using sandbox = await Sandbox.make()
    const text = (layer: string): string => `
services:
  api: {type: process, binary: sleep, args: ['9'], layers: [${layer}]}
`
    await sandbox.write(text('{type: ssh, host: -oProxyCommand=id}'))
    const option = await sandbox.run('validate')
    assert.equal(option.code, 3)
    assert.match(
      option.stdout + option.stderr,
      /harness\.yaml:3:\d+ +error +CONFIG_INVALID_VALUE +services\.api\.layers\[0\]\.host/,
    )
    await sandbox.write(text('{type: sssh, host: a}'))
    const unknown = await sandbox.run('validate')
    assert.match(
      unknown.stdout + unknown.stderr,
      /No plugin brings the layer 'sssh'; known are docker, local, ssh\.[^]*did you mean 'ssh'\?/,
    )
    const {stdout} = await sandbox.run('schema')
    const {$defs} = JSON.parse(stdout) as {readonly $defs: Readonly<Record<string, unknown>>}
    assert.ok('layer' in $defs, 'it knows layers')
    assert.match(JSON.stringify($defs['layer']), /"const":"ssh".*"jump"/)
  })
})

describe('a task in layers', function () {
  this.timeout(45_000)

  it('runs where they lead, with what its stack file gives', async function () {
    needs(this, hasSshd(), 'sshd, as root')
    const port = await freePort()
    using server = await startSshd({port})
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
layers: [{type: ssh, host: 127.0.0.1, user: root, port: ${port}, config: ${server.config}}]
tasks:
  build:
    task_type: command
    target: {type: process, binary: sh, args: [-c, '${literal(`${overSsh} && echo "got $WORD" && exit "$CODE"`)}']}
    env: {WORD: 'a  b', CODE: '0'}
`)
    const good = await sandbox.run('task', 'run', 'build')
    assert.equal(good.code, 0, good.stderr)
    assert.match(good.stdout + good.stderr + (await sandbox.run('logs', 'build')).stdout, /got a {2}b/)
    await sandbox.write(
      (await import('node:fs')).readFileSync(`${sandbox.folder}/harness.yaml`, 'utf8').replace("'0'", "'7'"),
    )
    const bad = await sandbox.run('task', 'run', 'build')
    assert.equal(bad.code, 4)
    assert.match(bad.stderr, /exit 7/)
  })
})
