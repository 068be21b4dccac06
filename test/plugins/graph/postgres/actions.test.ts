import assert from 'node:assert/strict'
import {readdir, readFile, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {after, before, describe, it} from 'mocha'
import {until} from '../../../support/harness.js'
import {needsPostgres, runPostgres, servers, type Running} from './with-postgres.js'

const password = `it's $$ecret`

const everyAction = [
  ['run-query', {query: 'select 1'}],
  ['create-database', {name: 'a'}],
  ['reset', {}],
  ['backup', {path: 'a'}],
  ['restore', {path: 'kept.dump'}],
] as const

describe('plugins/graph postgres actions', function () {
  this.timeout(60_000)
  needsPostgres()
  let running: Running
  before(async () => {
    running = await runPostgres({db: {config: {password: password.replaceAll('$', '$$$$')}}})
  })
  after(() => running[Symbol.asyncDispose]())
  const act: Running['act'] = (...args) => running.act(...args)
  const query = (text: string, more: object = {}) => act('run-query', {query: text, ...more})

  describe('run-query', () => {
    it('answers rows as JSON has them, and what it cannot hold as PostgreSQL writes it', async () => {
      const answer = await query(
        `select 7 as i, 9007199254740993::bigint as big, 1.10::numeric as n, true as b, null as nil, '{"a":[1]}'::jsonb as j,
         'NaN'::float8 as nan, timestamp '2026-01-02 03:04' as t, array[1,2] as list`,
      )
      const row = {
        i: 7,
        big: '9007199254740993',
        n: '1.10',
        b: true,
        nil: null,
        j: {a: [1]},
        nan: 'NaN',
        t: '2026-01-02 03:04:00',
        list: '{1,2}',
      }
      assert.deepEqual(answer['rows'], [row])
      assert.equal(answer['row_count'], 1)
      assert.equal(answer['command'], 'SELECT')
      const fields = answer['fields'] as readonly {readonly type: string}[]
      assert.deepEqual(
        fields.map(({type}) => type),
        [
          'integer',
          'bigint',
          'numeric',
          'boolean',
          'text',
          'jsonb',
          'double precision',
          'timestamp without time zone',
          'integer[]',
        ],
      )
    })

    it('takes parameters, which are never part of the text', async () => {
      const {rows} = await query('select $1::text as a, $2::jsonb as b, $3::int + 1 as c', {
        params: [`'; drop`, [1, {x: 2}], 41],
      })
      assert.deepEqual(rows, [{a: `'; drop`, b: [1, {x: 2}], c: 42}])
    })

    it('runs several statements, all or none', async () => {
      const answer = await query(
        'create table several (a int); insert into several values (1), (2); select * from several',
      )
      const results = answer['results'] as readonly {readonly command: string; readonly row_count: number}[]
      assert.deepEqual(
        results.map((each) => [each.command, each.row_count]),
        [
          ['CREATE', 0],
          ['INSERT', 2],
          ['SELECT', 2],
        ],
      )
      assert.deepEqual(answer['rows'], [{a: 1}, {a: 2}])
      await assert.rejects(query('insert into several values (3); select 1/0'), /division by zero \(22012\)/)
      assert.deepEqual((await query('select count(*)::int as n from several'))['rows'], [{n: 2}])
    })

    it('says where an error is, and what PostgreSQL advises', async () => {
      await assert.rejects(query('select 1,\n  nope'), {
        code: 'ACTION_FAILED',
        message: /column "nope" does not exist \(42703, line 2, column 3\)/,
      })
    })

    it('refuses what is no input, by the name of the field', async () => {
      await assert.rejects(act('run-query', {}), {code: 'ACTION_INPUT_INVALID', message: /query/})
      await assert.rejects(act('run-query', {query: 'select 1', timeout_secs: 'x'}), {
        code: 'ACTION_INPUT_INVALID',
        message: /timeout_secs/,
      })
    })

    it('is cancelled in the server after its time, and when its caller goes', async () => {
      await assert.rejects(query('select pg_sleep(600)', {timeout_secs: 0.2}), /statement timeout \(57014\)/)
      const controller = new AbortController()
      const {host, stack} = running
      const call = host.client.action.invoke(
        {stack: stack.stack, service: 'db', action: 'run-query', input: {query: 'select pg_sleep(601)'}},
        {signal: controller.signal},
      )
      const sleeping = async () =>
        (
          await query(
            `select from pg_stat_activity where state = 'active' and query like '%sleep(60_)%' and pid <> pg_backend_pid()`,
          )
        )['row_count']
      await until(async () => (await sleeping()) === 1, 'the query runs')
      controller.abort()
      await assert.rejects(call)
      await until(async () => (await sleeping()) === 0, 'the query is cancelled')
    })

    it('answers no more than a message can hold', async () => {
      await assert.rejects(query('select generate_series(1, 100000000)'), /more than 10000 rows/)
    })

    it('names a database that is not there', async () => {
      await assert.rejects(query('select 1', {database: 'none'}), {message: /there is no database 'none'/})
    })
  })

  describe('create-database', () => {
    it('makes one with its extensions, UTF-8 and C; a second time it is there', async () => {
      const name = `odd "name"; drop`
      const extensions = ['pg_trgm', 'btree_gist', 'postgres_fdw']
      assert.deepEqual(await act('create-database', {name}), {name, created: true, extensions})
      assert.deepEqual(await act('create-database', {name}), {name, created: false, extensions})
      const {rows} = await query(
        `select pg_encoding_to_char(encoding) as e, datcollate as c, (select count(*)::int from pg_extension) as n from pg_database where datname = current_database()`,
        {database: name},
      )
      assert.deepEqual(rows, [{e: 'UTF8', c: 'C', n: 4}])
    })

    it('refuses a name that is none', async () => {
      await assert.rejects(act('create-database', {name: ''}), {code: 'ACTION_INPUT_INVALID', message: /name/})
      await assert.rejects(act('create-database', {name: 'x'.repeat(64)}), {
        code: 'ACTION_INPUT_INVALID',
        message: /name/,
      })
    })
  })

  describe('backup and restore', () => {
    it('bring back what was there, for nobody else to read', async () => {
      await query('create table kept as select generate_series(1, 1000) as a')
      const file = path.join(running.host.folder, 'kept.dump')
      const {bytes, path: written} = await act('backup', {path: 'kept.dump'})
      assert.equal(written, file)
      const found = await stat(file)
      assert.deepEqual([found.size, found.mode & 0o777], [bytes, 0o600])
      await query('drop table kept; create table later (a int)')
      await act('restore', {path: 'kept.dump'})
      assert.deepEqual((await query(`select count(*)::int as n, to_regclass('later') as later from kept`))['rows'], [
        {n: 1000, later: null},
      ])
      await act('restore', {path: 'kept.dump', database: 'copy'})
      assert.deepEqual((await query('select count(*)::int as n from kept', {database: 'copy'}))['rows'], [{n: 1000}])
    })

    it('leave nothing behind when they fail', async () => {
      await writeFile(path.join(running.host.folder, 'text.sql'), 'select 1;\n'.repeat(1000))
      await assert.rejects(act('restore', {path: 'text.sql'}), /pg_restore failed: input file/)
      await assert.rejects(act('restore', {path: 'none.dump'}), /cannot be read: ENOENT/)
      await assert.rejects(act('backup', {path: 'none/a.dump'}), /cannot be written to/)
      await assert.rejects(act('backup', {path: 'a.dump', database: 'none'}), /there is no database 'none'/)
      await assert.rejects(act('backup', {}), {code: 'ACTION_INPUT_INVALID', message: /path/})
      await assert.rejects(act('restore', {path: 3}), {code: 'ACTION_INPUT_INVALID', message: /path/})
      assert.deepEqual((await query(`select from pg_database where datname like 'harness%'`))['row_count'], 0)
      assert.deepEqual(
        (await readdir(running.host.folder)).filter((name) => name.endsWith('.part')),
        [],
      )
    })
  })

  describe('reset', () => {
    it('empties the databases of the config, whoever is connected', async () => {
      await query('create table gone (a int)')
      const {host, stack} = running
      const held = host.client.action.invoke({
        stack: stack.stack,
        service: 'db',
        action: 'run-query',
        input: {query: 'select pg_sleep(600)'},
      })
      const ended = assert.rejects(held, /terminating connection|57P01/)
      await until(
        async () =>
          (await query(`select from pg_stat_activity where query like '%sleep(600)%' and pid <> pg_backend_pid()`))[
            'row_count'
          ] === 1,
        'the query runs',
      )
      assert.deepEqual(await act('reset', {}), {databases: ['graph-node']})
      await ended
      assert.deepEqual((await query(`select to_regclass('gone') as t, count(*)::int as n from pg_extension`))['rows'], [
        {t: null, n: 4},
      ])
    })

    it('makes none that nobody asked for', async () => {
      await assert.rejects(act('reset', {databases: ['nome']}), /there is no database 'nome'/)
      await assert.rejects(act('reset', {databases: []}), {code: 'ACTION_INPUT_INVALID', message: /databases/})
      await assert.rejects(act('reset', {databases: ['template1']}), /cannot drop a template database|currently open/)
    })
  })

  describe('all of them', () => {
    it('shows the password nowhere', async () => {
      for (const pid of await servers(running)) {
        assert.ok(!(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes('ecret'))
      }
      await assert.rejects(
        query('select 1', {database: 'none'}),
        (error: Error) => !JSON.stringify(error).includes('ecret'),
      )
    })

    it('say so when PostgreSQL is stopped', async () => {
      await running.stack.stop()
      for (const [action, input] of everyAction) await assert.rejects(act(action, input), {code: 'SERVICE_NOT_RUNNING'})
    })
  })
})
