import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {actions} from '../../../../plugins/graph/src/postgres/actions/table.js'
import {programFolders} from '../../../../plugins/graph/src/postgres/launch/program-folders.js'
import {testServices} from '../../../../src/testing.js'
import type {Session, SessionRequest} from '../../../../src/core/contract/session.js'
import {contextAt} from './context-at.js'
import {needsPostgres, runPostgres} from './with-postgres.js'

/** A program with its streams, as a container runs one: nothing of this machine's files is named to it. */
function openSession({program, args, env}: SessionRequest): Promise<Session> {
  const folder = programFolders().find((each) => existsSync(path.join(each, program))) ?? ''
  const child = spawn(path.join(folder, program), args, {env, cwd: '/'})
  const exited = once(child, 'close')
  async function* output() {
    const said: Buffer[] = []
    child.stderr.on('data', (bytes: Buffer) => said.push(bytes))
    for await (const bytes of child.stdout) yield {stream: 'stdout', bytes: bytes as Buffer} as const
    await exited
    yield {stream: 'stderr', bytes: Buffer.concat(said)} as const
  }
  return Promise.resolve({
    output: output(),
    ended: exited.then(([code]) => ({by: 'code', code: Number(code)}) as const),
    async write(bytes) {
      if (!child.stdin.write(bytes)) await once(child.stdin, 'drain')
    },
    async endInput() {
      child.stdin.end()
      await Promise.resolve()
    },
    resize: () => undefined,
    signal: (signal) => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill()
      await exited
    },
  })
}

describe('plugins/graph postgres in a container', function () {
  this.timeout(60_000)
  needsPostgres()

  it('is backed up and restored by the tools of the container, over their streams', async () => {
    await using running = await runPostgres()
    const {port} = new URL((await running.stack.status()).services[0]?.endpoints[0]?.url ?? '')
    const directory = running.host.folder
    const context = contextAt(Number(port), {
      ...{directory, target: {type: 'docker', spec: {}}},
      handle: {openSession} as never,
      endpoint: () => ({
        ...{name: 'postgres', protocol: 'tcp', host: '127.0.0.1', port: Number(port)},
        containerPort: Number(port),
      }),
    })
    const {backup, restore} = actions(testServices(directory))
    await running.act('run-query', {
      query: `create table big as select i, repeat('x', 100) as t from generate_series(1, 5000) i`,
    })
    const {bytes} = await backup.run({path: 'c.dump'}, context)
    assert.ok(bytes > 1000)
    await running.act('run-query', {query: 'drop table big'})
    assert.equal((await restore.run({path: 'c.dump'}, context)).tables, 1)
    assert.deepEqual((await running.act('run-query', {query: 'select count(*)::int as n from big'}))['rows'], [
      {n: 5000},
    ])
    await assert.rejects(backup.run({path: 'c.dump', database: 'none'}, context), /there is no database 'none'/)
  })
})
