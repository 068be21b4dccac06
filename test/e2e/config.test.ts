import assert from 'node:assert/strict'
import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {StackStatus} from '../../src/core/contract/status.js'
import {Sandbox, until} from '../support/harness.js'

const canaries = {env: 'canary-env-4711', file: 'canary "file" 4712', command: 'canary/command?4713'}

const secretStack = `
name: vault
secrets:
  FROM_ENV: {env: VAULT_TOKEN}
  FROM_FILE: {file: secret.txt}
  FROM_COMMAND: {command: [cat, command.txt]}
env: {TOKEN: '\${secret.FROM_ENV}', URL: 'postgresql://u:\${secret.FROM_FILE}@localhost/x'}
services:
  api:
    type: process
    binary: sh
    args: [-c, 'echo "token=$$TOKEN url=$$URL cmd=$$CMD"; echo "$$CMD" >&2; echo "$$TOKEN $$URL $$CMD" > seen; exec sleep 1000']
    env: {CMD: '\${secret.FROM_COMMAND}'}
    profiles: [app]
  broken:
    type: process
    binary: sh
    args: [-c, 'echo "dying with $$TOKEN"; exit 3']
    profiles: [broken]
  bystander: {type: process, binary: sleep, args: ['1000'], env: {TOKEN: ~, URL: ~}}
tasks:
  show:
    task_type: command
    target: {type: process, binary: sh, args: [-c, 'echo "task $$TOKEN"; echo "OUT=$$TOKEN" >> "$$HARNESS_OUTPUT"']}
`

async function vault(): Promise<Sandbox> {
  const sandbox = await Sandbox.make()
  await sandbox.write(secretStack)
  await sandbox.write(`${canaries.file}\n`, 'secret.txt')
  await sandbox.write(`${canaries.command}\n`, 'command.txt')
  return sandbox
}

describe('a secret', function () {
  this.timeout(60_000)

  it('reaches its service, and is masked in all that harness says', async () => {
    await using sandbox = await vault()
    sandbox.variables = {VAULT_TOKEN: canaries.env}
    const outputs: string[] = []
    const run = async (...args: readonly string[]): Promise<void> => {
      const {stdout, stderr} = await sandbox.run(...args)
      outputs.push(`${args.join(' ')}\n${stdout}${stderr}`)
    }
    await run('start', '--profile', 'app')
    const seen = path.join(sandbox.folder, 'seen')
    await until(async () => (await readFile(seen, 'utf8').catch(() => '')) !== '', 'the service has its secrets')
    assert.equal(
      await readFile(seen, 'utf8'),
      `${canaries.env} postgresql://u:${canaries.file}@localhost/x ${canaries.command}\n`,
    )
    await run('start', 'broken')
    await run('logs', '--tail', 'all')
    await run('logs', '--json')
    await run('task', 'run', 'show')
    await run('task', 'run', 'show', '--json', '--force')
    await run('status', '--detailed')
    await run('status', '--json')
    await run('info', 'api', '--json')
    await run('env', 'api')
    await run('env', 'api', '--export')
    await run('env', 'get')
    await run('config', '--origin')
    await run('validate', '--json')
    await sandbox.killDaemon()
    await run('logs', '--tail', 'all')
    await run('daemon', 'logs')
    for (const output of outputs) {
      for (const canary of Object.values(canaries)) {
        for (const spelling of [canary, JSON.stringify(canary).slice(1, -1), encodeURIComponent(canary)]) {
          assert.equal(output.includes(spelling), false, `${spelling} in the output of ${output}`)
        }
      }
    }
    assert.ok(outputs.some((output) => output.includes('token=*** url=postgresql://u:***@localhost/x cmd=***')))
    const log = await readFile(path.join(sandbox.state, 'daemon.log'), 'utf8')
    for (const canary of Object.values(canaries)) assert.equal(log.includes(canary), false)
  })

  it('is in no command line and in no foreign environment', async () => {
    await using sandbox = await vault()
    sandbox.variables = {VAULT_TOKEN: canaries.env}
    assert.equal((await sandbox.run('start', '--profile', 'app')).code, 0)
    const status = await sandbox.json<StackStatus>('status')
    const bystander = status.services.find(({name}) => name === 'bystander')?.pid ?? 0
    const environment = await readFile(`/proc/${bystander}/environ`, 'utf8')
    for (const canary of Object.values(canaries)) assert.equal(environment.includes(canary), false, canary)
    assert.equal(environment.includes('secret.'), false)
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      for (const canary of [canaries.env, canaries.file]) assert.equal(line.includes(canary), false, line)
    }
  })

  it('without a value stops what needs it before anything begins, and nothing else', async () => {
    await using sandbox = await vault()
    const refused = await sandbox.run('start', '--profile', 'app')
    assert.equal(refused.code, 3)
    assert.match(
      refused.stderr,
      /Secret 'FROM_ENV' has no value: api needs it, and it comes from the variable VAULT_TOKEN/,
    )
    assert.match(refused.stderr, /Set VAULT_TOKEN/)
    const {services} = await sandbox.json<StackStatus>('status')
    assert.deepEqual([...new Set(services.map(({state}) => state))], ['NotStarted'])
    assert.equal((await sandbox.run('start', 'bystander')).code, 0)
  })

  it('stays with what runs when it is restarted without its source, also by another daemon', async () => {
    await using sandbox = await vault()
    sandbox.variables = {VAULT_TOKEN: canaries.env}
    assert.equal((await sandbox.run('start', '--profile', 'app')).code, 0)
    sandbox.variables = {}
    await sandbox.killDaemon()
    assert.equal((await sandbox.run('restart', 'api')).code, 0)
    const seen = await readFile(path.join(sandbox.folder, 'seen'), 'utf8')
    assert.ok(seen.startsWith(canaries.env))
    assert.equal((await sandbox.run('stop')).code, 0)
    assert.equal((await sandbox.run('start', 'api')).code, 3)
  })
})

const profiles = `
services:
  web: {type: process, binary: sleep, args: ['1000'], dependencies: [db, {service: tracer, required: false}]}
  db: {type: process, binary: sleep, args: ['1000'], profiles: [data]}
  tracer: {type: process, binary: sleep, args: ['1000'], profiles: [debug]}
  admin: {type: process, binary: sleep, args: ['1000'], profiles: [debug, admin]}
environments:
  staging: {profiles: [admin], env: {STAGE: staging}}
`

async function running(sandbox: Sandbox): Promise<readonly string[]> {
  const {services} = await sandbox.json<StackStatus>('status')
  return services.filter(({state}) => state === 'Running').map(({name}) => name)
}

describe('profiles', function () {
  this.timeout(60_000)

  it('select what a start takes; what is required comes along, what is not does not', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(profiles)
    assert.equal((await sandbox.run('start')).code, 0)
    assert.deepEqual(await running(sandbox), ['web', 'db'])
    const {services} = await sandbox.json<StackStatus>('status')
    assert.deepEqual(
      services.map(({name}) => name),
      ['web', 'db', 'tracer', 'admin'],
    )
    assert.equal((await sandbox.run('start', '--profile', 'debug')).code, 0)
    assert.deepEqual(await running(sandbox), ['web', 'db', 'tracer', 'admin'])
  })

  it('leave what is named startable', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(profiles)
    assert.equal((await sandbox.run('start', 'admin')).code, 0)
    assert.deepEqual(await running(sandbox), ['admin'])
  })

  it('that no service has are a mistake', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(profiles)
    const wrong = await sandbox.run('start', '--profile', 'debgu')
    assert.equal(wrong.code, 2)
    assert.match(wrong.stderr, /Did you mean 'debug'\?/)
  })
})

describe('an environment', function () {
  this.timeout(60_000)

  it('is kept by what runs until the stack is stopped', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(profiles)
    assert.equal((await sandbox.run('start', '--env', 'staging')).code, 0)
    assert.deepEqual(await running(sandbox), ['web', 'db', 'admin'])
    const again = await sandbox.run('restart', 'web')
    assert.match(again.stderr, /Read with --env staging, as it was started/)
    assert.match((await sandbox.run('env', 'web')).stdout, /STAGE=staging/)
    assert.equal((await sandbox.run('stop')).code, 0)
    assert.equal((await sandbox.run('start')).code, 0)
    assert.doesNotMatch((await sandbox.run('env', 'web')).stdout, /STAGE/)
  })
})
