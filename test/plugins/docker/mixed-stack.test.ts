import assert from 'node:assert/strict'
import path from 'node:path'
import {before, describe, it} from 'mocha'
import type {StackStatus} from '../../../src/core/contract/status.js'
import {bin, type Sandbox} from '../../support/harness.js'
import {programAtTerminal} from '../../support/pty.js'
import {prints, succeeds} from './commands.js'
import type {TestEngine} from './engine.js'
import {withEngine} from './with-engine.js'

/** Answers at all addresses of the machine what the database has. */
const api = `
import http from 'node:http'
http.createServer(async (request, response) => {
  console.log('asked for ' + request.url)
  const answer = await fetch(process.env.DATABASE + request.url).then((it) => it.text(), () => 'nothing')
  response.end('the database says ' + answer)
}).listen(Number(process.env.PORT), '0.0.0.0')
`

const stack = `
name: shop
services:
  db:
    type: docker
    image: busybox:local
    init: true
    command: [sh, -c, 'echo nairobi >/data/city; exec httpd -f -vv -p 80 -h /data']
    volumes: ['cities:/data']
    ports: {http: '0:80'}
    health_check: {http: '\${db.url}/city', interval: 200ms}
  api:
    type: process
    binary: ${process.execPath}
    args: [api.mjs]
    ports: {http: 0}
    env: {PORT: '\${api.port}', DATABASE: '\${db.url}'}
    health_check: {http: '\${api.url}/city', interval: 200ms}
    dependencies: [db]
  worker:
    type: docker
    image: busybox:local
    init: true
    command:
      - sh
      - -c
      - 'while :; do echo "api: $$(wget -qO- $$API/city)"; echo "db: $$(wget -qO- $$DATABASE/city)"; sleep 0.2; done'
    env: {API: '\${api.url}', DATABASE: '\${db.url}'}
    dependencies: [api, db]
`

describe('plugins/docker, a stack of containers and processes', function () {
  this.timeout(120_000)
  const theEngine = withEngine()
  let engine: TestEngine

  before(() => {
    engine = theEngine()
  })

  const names = async (): Promise<readonly string[]> =>
    (await engine.docker('ps', '--all', '--format', '{{.Names}} {{.ID}}')).split('\n').filter(Boolean).sort()

  async function statusOf(sandbox: Sandbox) {
    return (await sandbox.json<StackStatus>('status')).services
  }

  it('works as one, survives its daemon, and leaves nothing', async () => {
    await using sandbox = await engine.sandbox()
    await sandbox.write(api, 'api.mjs')
    await sandbox.write(stack)
    await succeeds(sandbox, 'start')

    const follow = ['logs', '-f', '--tail', '0']
    const both = [/^worker +│ api: the database says nairobi$/m, /^worker +│ db: nairobi$/m]
    await prints(sandbox, follow, ...both, /^api +│ asked for \/city$/m, /^db +│ .*url:\/city$/m)

    const before = await statusOf(sandbox)
    const containers = await names()
    assert.equal(containers.length, 2)
    const database = before.find(({name}) => name === 'db')
    const {port = 0} = database?.endpoints[0] ?? {}
    const asked = await succeeds(sandbox, 'exec', 'worker', '--', 'sh', '-c', 'echo $API $DATABASE')
    assert.match(asked, /^http:\/\/host\.docker\.internal:\d+ http:\/\/db:80$/m)
    assert.match(
      await engine.runInside(
        process.execPath,
        '-e',
        `fetch('http://127.0.0.1:${port}/city').then((a) => a.text()).then(console.log)`,
      ),
      /nairobi/,
    )

    await sandbox.killDaemon()
    const same = await statusOf(sandbox)
    const identity = ({name, state, pid, container, attempt}: (typeof same)[number]) => ({
      name,
      state,
      pid,
      container,
      attempt,
    })
    assert.deepEqual(same.map(identity), before.map(identity))
    assert.deepEqual(await names(), containers)

    await succeeds(sandbox, 'restart', 'db')
    const [first, second] = [await names(), containers].map((all) => all.map((line) => path.basename(line)))
    assert.equal(
      first?.filter((line) => second?.includes(line)).length,
      1,
      'the worker is the same, the database another',
    )
    await prints(sandbox, follow, ...both)

    const script = 'until stty size | grep "30 100"; do sleep 0.1; done; tty; read code; exit $code'
    const exec = ['exec', '-t', 'worker', '--', 'sh', '-c', script]
    const [program = '', ...args] = engine.inside(process.execPath, bin, ...exec)
    await using terminal = programAtTerminal(sandbox, program, args)
    await terminal.shows(/30 100[^]*\/dev\/pts/)
    terminal.pty.write('7\r')
    assert.equal(await terminal.ended, 7)

    await succeeds(sandbox, 'scale', 'worker=2')
    await prints(sandbox, follow, /^worker-2 +│ api: the database says nairobi$/m, /^worker(-1)? +│ db: nairobi$/m)
    assert.equal((await names()).length, 3)

    await succeeds(sandbox, 'stop')
    assert.deepEqual(await names(), [])
    assert.equal(await engine.docker('network', 'ls', '--quiet', '--filter', 'label=harness.stack'), '')
    assert.equal(await engine.docker('volume', 'ls', '--format', '{{.Name}}'), 'cities')
    await succeeds(sandbox, 'forget')
  })
})
