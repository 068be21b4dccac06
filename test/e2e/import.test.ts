import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {readFile, rm} from 'node:fs/promises'
import {createServer, type AddressInfo} from 'node:net'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {StackStatus} from '../../src/core/contract/status.js'
import {Sandbox, until} from '../support/harness.js'

interface Imported {
  readonly file: string
  readonly from: string
  readonly services: readonly string[]
  readonly tasks: readonly string[]
  readonly notes: readonly {readonly path: string; readonly message: string}[]
}

describe('harness import', function () {
  this.timeout(60_000)

  it('of a process-compose file runs in the same order, and ends with the same exit code', async () => {
    await using sandbox = await Sandbox.make()
    const theirs = await sandbox.write(processCompose(await freePort()), 'process-compose.yaml')
    const imported = await sandbox.json<Imported>('import', 'process-compose.yaml')
    assert.equal(imported.from, 'process-compose')
    assert.equal(imported.file, 'harness.yaml')
    assert.deepEqual(imported.services, ['tests', 'migrate', 'db', 'api', 'flaky', 'worker', 'report', 'never', 'off'])
    assert.deepEqual(imported.notes.map((note) => note.path).sort(), [
      'processes.report.depends_on.off',
      'processes.tests.availability.exit_on_end',
      'processes.tests.is_tty',
      'processes.worker.replicas',
    ])
    assert.equal((await sandbox.run('validate', '--strict')).code, 0)
    const {code} = await sandbox.run('start', '--exit-code-from', 'tests')
    assert.deepEqual({code, order: await orderOf(sandbox.folder)}, expected)

    const theirOwn = await runProcessCompose(theirs, sandbox.folder)
    if (theirOwn !== undefined) assert.deepEqual(theirOwn, expected)
  })

  it('of a process-compose file with a probe that fails stops that process, and skips what waits for it', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(
      `
processes:
  sick:
    command: "echo sick >> order; exec sleep 100"
    readiness_probe: {exec: {command: "false"}, period_seconds: 1, failure_threshold: 2}
  patient:
    command: "echo patient >> order"
    depends_on: {sick: {condition: process_healthy}}
`,
      'process-compose.yaml',
    )
    assert.equal((await sandbox.run('import', 'process-compose.yaml')).code, 0)
    assert.equal((await sandbox.run('start')).code, 4)
    assert.equal(await stateOf(sandbox, 'sick'), 'Failed')
    assert.deepEqual(await orderOf(sandbox.folder), ['sick'])
  })

  it('of a Procfile starts, with the ports of foreman', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(
      `web: echo web $PORT >> order; exec sleep 100\njob: echo job $((PORT + 1)) >> order; exec sleep 100\n`,
      'Procfile',
    )
    const {code, stdout} = await sandbox.run('import', 'Procfile')
    assert.equal(code, 0)
    assert.match(stdout, /Procfile → harness\.yaml: 2 services\nNext: harness start\n$/)
    // The port of foreman may be taken on this machine.
    const file = path.join(sandbox.folder, 'harness.yaml')
    const port = await freePort()
    await sandbox.write((await readFile(file, 'utf8')).replace('ports: [5000]', `ports: [${port}]`))
    assert.equal((await sandbox.run('start')).code, 0)
    await until(async () => (await orderOf(sandbox.folder)).length === 2, 'both have run')
    assert.deepEqual((await orderOf(sandbox.folder)).sort(), ['job 5101', `web ${port}`])
  })

  it('of an ecosystem file of pm2 starts, with what its apps are given', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(
      `console.log(process.env.MODE, ...process.argv.slice(2)); setInterval(() => {}, 1000)`,
      'app.js',
    )
    const api = {
      name: 'api',
      script: './app.js',
      args: ['a b', '$HOME'],
      instances: 2,
      env: {MODE: '$dev'},
      env_production: {MODE: 'prod'},
    }
    await sandbox.write(JSON.stringify({apps: [api]}), 'ecosystem.config.json')
    assert.equal((await sandbox.json<Imported>('import', 'ecosystem.config.json')).from, 'pm2')
    assert.equal((await sandbox.run('start')).code, 0)
    const lines = async (): Promise<readonly string[]> => (await sandbox.run('logs', 'api')).stdout.trim().split('\n')
    await until(async () => (await lines()).length === 2, 'both have printed')
    const texts = (await lines()).map((line) => line.replace(/^api(-2)? +│ /, ''))
    assert.deepEqual(texts, ['$dev a b $HOME', '$dev a b $HOME'])
  })

  it('of a compose file loads', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(
      `
services:
  db:
    image: postgres:16
    environment: [POSTGRES_PASSWORD=x, "SHELL_LIKE=$$HOME"]
    ports: ["5432:5432", "53:53/udp", "80", "81:80"]
    volumes: ["data:/data"]
    healthcheck: {test: [CMD-SHELL, "pg_isready -U $$USER"], interval: 1s}
    restart: unless-stopped
  migrate: {build: ., command: ./migrate, depends_on: {db: {condition: service_healthy}}, profiles: [once]}
  api:
    image: api
    depends_on: {migrate: {condition: service_completed_successfully, required: false}, db: {condition: service_started}}
    deploy: {replicas: 2}
volumes: {data: {}}
`,
      'compose.yaml',
    )
    assert.equal((await sandbox.json<Imported>('import', 'compose.yaml')).from, 'compose')
    const {diagnostics} = await sandbox.json<{diagnostics: readonly unknown[]}>('validate')
    assert.deepEqual(diagnostics, [])
  })

  it('writes over nothing unasked, and says what it cannot read', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write('mine: 1\n')
    await sandbox.write('web: x\n', 'Procfile')
    await sandbox.write('processes: {a: [}', 'broken.yaml')
    await sandbox.write('module.exports = {apps: []}', 'ecosystem.config.js')
    const refused = await sandbox.run('import', 'Procfile')
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /there is such a file already.*\n.*--force/)
    assert.equal(await readFile(path.join(sandbox.folder, 'harness.yaml'), 'utf8'), 'mine: 1\n')
    const shown = await sandbox.run('import', 'Procfile', '-o', '-')
    assert.match(shown.stdout, /^# From Procfile, by `harness import`\.\n\nservices:\n/)
    assert.match(shown.stderr, /Procfile → standard output: 1 service/)
    assert.equal((await sandbox.run('import', 'Procfile', '--force')).code, 0)
    for (const [args, code, said] of [
      [['nothing.yaml'], 3, /No stack file was found at 'nothing\.yaml'/],
      [['broken.yaml'], 3, /'broken\.yaml' has problems: .*line 1/],
      [['ecosystem.config.js'], 3, /runs no code.*\n.*JSON\.stringify/],
      [['broken.yaml', '--from', 'other'], 2, /--from/],
      [[], 2, /file/i],
    ] as const) {
      const ran = await sandbox.run('import', '-o', 'new.yaml', ...args)
      assert.equal(ran.code, code, ran.stderr)
      assert.match(ran.stderr, said)
    }
  })
})

/** What process-compose 1.122 did with `processCompose()`. */
const expected = {
  code: 7,
  order: ['migrate', 'db', 'api hello', 'flaky', 'flaky', 'flaky', 'worker', 'worker', 'report 0 1', 'tests'],
}

const processCompose = (port: number): string => `
environment: [GREETING=hello]
vars: {WHO: api}
processes:
  tests:
    command: "echo tests >> order; exit 7"
    depends_on: {report: {condition: process_completed_successfully}}
    availability: {exit_on_end: true}
    is_tty: true
  migrate:
    command: "sleep 0.3; echo migrate >> order"
  db:
    command: |
      echo db >> order
      sleep 0.5
      touch db-is-up
      exec sleep 100
    depends_on: {migrate: {condition: process_completed_successfully}}
    readiness_probe: {exec: {command: "test -f db-is-up && test $$GREETING = hello"}, period_seconds: 1, failure_threshold: 30}
  api:
    command: >-
      echo {{.WHO}} $$GREETING >> order;
      exec node -e 'require("http").createServer((_, answer) => answer.end()).listen(process.env.PORT)'
    environment: [PORT=${port}]
    depends_on: {db: {condition: process_healthy}}
    readiness_probe: {http_get: {port: ${port}}, period_seconds: 1}
    availability: {restart: always}
  flaky:
    command: "echo flaky >> order; echo x >> tries; [ $$(wc -l < tries) -ge 3 ]"
    depends_on: {api: {condition: process_healthy}}
    availability: {restart: on_failure, backoff_seconds: 1, max_restarts: 5}
  worker:
    command: "echo worker >> order; echo {{.PC_REPLICA_NUM}} >> numbers; echo working now; exec sleep 100"
    replicas: 2
    ready_log_line: working
    depends_on: {flaky: {condition: process_completed}}
  report:
    command: "echo report $$(sort numbers) >> order"
    depends_on: {worker: {condition: process_log_ready}, off: {condition: process_started}}
  never:
    command: "echo never >> order"
    depends_on: {tests: {condition: process_completed_successfully}}
  off:
    command: "echo off >> order"
    disabled: true
`

async function orderOf(folder: string): Promise<string[]> {
  const text = await readFile(path.join(folder, 'order'), 'utf8').catch(() => '')
  return text.split('\n').filter((line) => line !== '')
}

async function stateOf(sandbox: Sandbox, name: string): Promise<string | undefined> {
  const {services} = await sandbox.json<StackStatus>('status')
  return services.find((service) => service.name === name)?.state
}

/** Compared with where it is on PATH. */
const reference = 'process-compose'

/** The same file with the real process-compose, where it is on PATH. */
async function runProcessCompose(file: string, folder: string): Promise<typeof expected | undefined> {
  for (const name of ['order', 'tries', 'numbers', 'db-is-up']) await rm(path.join(folder, name), {force: true})
  const code = await new Promise<number | undefined>((resolve) => {
    execFile(reference, ['-f', file, '-t=false', '--no-server', 'up'], {cwd: folder}, (error) => {
      resolve(error === null ? 0 : typeof error.code === 'number' ? error.code : undefined)
    })
  })
  return code === undefined ? undefined : {code, order: await orderOf(folder)}
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const {port} = server.address() as AddressInfo
      server.close(() => {
        resolve(port)
      })
    })
  })
}
