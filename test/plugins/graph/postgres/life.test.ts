import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import {chmod, mkdtemp, readdir, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {describe, it} from 'mocha'
import {isAlive, until} from '../../../support/harness.js'
import {dataOf, needsPostgres, runPostgres, servers, type Running} from './with-postgres.js'

const isRoot = process.getuid?.() === 0

/** The server itself, and not its launch script or sessions. */
async function serverOf(running: Running): Promise<number> {
  const found = (await servers(running)).filter((pid) => /\/postgres\0-D\0/.test(commandOf(pid)))
  assert.equal(found.length, 1)
  return Number(found[0])
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

async function attemptIs(running: Running, attempt: number): Promise<void> {
  await until(
    async () => {
      const {services} = await running.stack.status()
      return services.some((each) => each.attempt === attempt && each.state === 'Running')
    },
    `attempt ${attempt} runs`,
    40_000,
  )
}

describe('plugins/graph postgres life', function () {
  this.timeout(60_000)
  needsPostgres()

  it('runs as somebody who is not root, and leaves nothing when it is stopped', async () => {
    await using running = await runPostgres()
    const server = await serverOf(running)
    const status = await readFile(`/proc/${server}/status`, 'utf8')
    assert.equal(/^Uid:\t0\t/m.test(status), false)
    assert.equal(dataOf(running).length, isRoot ? 1 : 0)
    await running.stack.stop()
    assert.deepEqual(dataOf(running), [])
    assert.equal(await isAlive(server), false)
    const left = await readdir(running.host.stateDirectory, {recursive: true})
    assert.deepEqual(
      left.filter((name) => name.includes('pgdata')),
      [],
    )
  })

  it('keeps its data over a crash of the server, and over one of its launch script', async () => {
    await using running = await runPostgres()
    await running.act('run-query', {query: 'create table kept (a int); insert into kept values (1)'})
    process.kill(await serverOf(running), 'SIGKILL')
    await attemptIs(running, 2)
    await running.act('run-query', {query: 'insert into kept values (2)'})
    const [launcher] = (await servers(running)).filter((pid) => commandOf(pid).includes('launch/postgres.js'))
    assert.ok(launcher)
    process.kill(launcher, 'SIGKILL')
    await attemptIs(running, 3)
    const {rows} = await running.act('run-query', {query: 'select a from kept order by a'})
    assert.deepEqual(rows, [{a: 1}, {a: 2}])
    await running.stack.stop()
    assert.deepEqual(dataOf(running), [])
  })

  it('keeps its data in a folder that is named, and two of them run side by side', async () => {
    // Root's PostgreSQL runs as somebody who may not enter a folder of root.
    const folder = await mkdtemp(path.join(tmpdir(), 'harness-data-'))
    await chmod(folder, 0o755)
    const kept = {databases: ['app'], extensions: [], data: path.join(folder, 'pg'), settings: {max_connections: 17}}
    const other = {user: 'other', password: 'p w', databases: [], extensions: []}
    await using running = await runPostgres({db: {config: kept}, second: {config: other}})
    const asked = await running.act('run-query', {
      query: `create table t as select current_setting('max_connections') as m; select m, current_user as u from t`,
    })
    assert.deepEqual(asked['rows'], [{m: '17', u: 'graph-node'}])
    const second = await running.act(
      'run-query',
      {query: 'select current_user as u, current_database() as d'},
      'second',
    )
    assert.deepEqual(second['rows'], [{u: 'other', d: 'postgres'}])
    await running.host.client.service.restart({stack: running.stack.stack, services: ['db']})
    assert.deepEqual((await running.act('run-query', {query: 'select m from t'}))['rows'], [{m: '17'}])
    await running.stack.stop()
    await rm(folder, {recursive: true})
  })

  it('says what it does', async () => {
    const heard: unknown[] = []
    await using running = await runPostgres()
    const events = running.host.client.events({topics: ['service.event']})
    await events.ready
    const hearing = (async () => {
      for await (const item of events) {
        if ('event' in item) heard.push(item.event)
        if (JSON.stringify(heard).includes('stopped')) return
      }
    })()
    await assert.rejects(running.act('run-query', {query: 'select 1', database: 'none'}))
    await running.stack.stop()
    await hearing
    assert.deepEqual(heard, [
      {what: 'failure', severity: 'FATAL', message: 'database "none" does not exist'},
      {what: 'stopping'},
      {what: 'stopped'},
    ])
  })
})
