import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {mock} from 'node:test'
import {describe, it} from 'mocha'
import type {Client, OpenCall} from '../../../src/core/client/client.js'
import type {SessionEnd} from '../../../src/core/contract/status.js'
import {limits} from '../../../src/core/protocol/messages.js'
import {createScanner} from '../../../src/core/process/scan.js'
import {SendWindow} from '../../../src/core/transport/send-window.js'
import {eventually} from '../process/temporary.js'
import {file, forever, sh, start, states, stop} from '../stack/workbench.js'
import {daemon} from './memory-daemon.js'

interface Run {
  readonly call: OpenCall<SessionEnd>
  readonly text: (stream: 'stderr' | 'stdout') => string
  readonly bytes: () => Buffer
}

/** Runs a shell script beside `api` and keeps what it prints. */
function exec(
  client: Client,
  script: string,
  more: {readonly signal?: AbortSignal; readonly env?: Record<string, string>} = {},
): Run {
  const parts: {readonly stream: string; readonly bytes: Uint8Array}[] = []
  const {signal, env} = more
  const params = {stack: 'demo', service: 'api', command: ['sh', '-c', script], ...(env && {env})}
  const call = client.open('service.exec', params, {
    ...(signal && {signal}),
    onOutput: (stream, bytes) => void parts.push({stream, bytes}),
  })
  const of = (stream: string): Buffer =>
    Buffer.concat(parts.filter((part) => part.stream === stream).map((part) => part.bytes))
  return {call, text: (stream) => of(stream).toString(), bytes: () => of('stdout')}
}

/** A daemon whose stack has one service, running, and a client of it. */
async function running(script = forever) {
  const it = await daemon()
  const stack = await it.bench.load(file([sh('api', script, 'env: {OWN: own}')]))
  await start(stack)
  return {...it, stack, client: await it.client(), connect: () => it.client()}
}

/** Processes of sessions with this variable. */
async function marked(mark: string): Promise<readonly number[]> {
  const {readVariable} = await import('../../../src/core/process/platform.js')
  const {processes} = await createScanner().scan()
  return [...processes.keys()].filter((pid) => readVariable(pid, 'MARK') === mark)
}

describe('service.exec', function () {
  this.timeout(20_000)

  it('runs a command in the directory and environment of the service, and answers how it ended', async () => {
    await using it = await running()
    const {call, text} = exec(it.client, 'pwd; echo "$OWN $MORE"; echo trouble >&2; exit 7', {env: {MORE: 'more'}})
    assert.deepEqual(await call.result, {exitCode: 7, signal: null, reason: null})
    assert.deepEqual([text('stdout'), text('stderr')], [`${it.folder}\nown more\n`, 'trouble\n'])
    assert.deepEqual(await exec(it.client, 'kill -KILL $$').call.result, {
      exitCode: 137,
      signal: 'SIGKILL',
      reason: null,
    })
    assert.equal(states(it.stack), 'api=Running')
  })

  it('brings bytes in and out as they are', async () => {
    await using it = await running()
    const {call, bytes} = exec(it.client, 'cat')
    const sent = randomBytes(3 * limits.windowBytes + 17)
    await call.write(sent)
    await call.end()
    assert.equal((await call.result).exitCode, 0)
    assert.ok(bytes().equals(sent))
  })

  it('says what could not be run', async () => {
    await using it = await running()
    const open = (command: readonly string[]) =>
      it.client.open('service.exec', {stack: 'demo', service: 'api', command}, {onOutput: () => undefined}).result
    assert.deepEqual(await open(['no-such-program']), {
      exitCode: 127,
      signal: null,
      reason: "binary 'no-such-program' was not found in PATH",
    })
    assert.equal((await open(['sh', 'x'.repeat(200_000)])).exitCode, 126)
    await assert.rejects(open([]), {code: 'REQUEST_INVALID'})
    await stop(it.stack)
    await assert.rejects(open(['true']), {code: 'SERVICE_NOT_RUNNING'})
  })

  it('sends signals on', async () => {
    await using it = await running()
    const {call, text} = exec(it.client, `trap 'echo caught; exit 3' INT; echo ready; while :; do sleep 0.05; done`)
    await eventually(() => text('stdout') === 'ready\n')
    call.signal('SIGINT')
    assert.equal((await call.result).exitCode, 3)
    assert.equal(text('stdout'), 'ready\ncaught\n')
  })

  it('ends all processes of it when it is taken back, when the client leaves, and when the service stops', async () => {
    await using it = await running()
    const tree = `setsid sh -c 'trap "" HUP; sleep 600' & trap '' HUP; sleep 600 & echo ready; wait`
    const begin = async (mark: string, signal?: AbortSignal) => {
      const client = await it.connect()
      const run = exec(client, tree, {env: {MARK: mark}, ...(signal && {signal})})
      run.call.result.catch(() => undefined)
      await eventually(() => run.text('stdout') === 'ready\n')
      assert.ok((await marked(mark)).length >= 3)
      return {client, run}
    }
    const gone = (mark: string) => eventually(async () => (await marked(mark)).length === 0)
    const controller = new AbortController()
    await begin(`${it.folder}-1`, controller.signal)
    controller.abort(new Error('never mind'))
    await gone(`${it.folder}-1`)
    const {client} = await begin(`${it.folder}-2`)
    await client[Symbol.asyncDispose]()
    await gone(`${it.folder}-2`)
    const {run} = await begin(`${it.folder}-3`)
    await stop(it.stack)
    assert.notEqual((await run.call.result).exitCode, 0)
    assert.deepEqual(await marked(`${it.folder}-3`), [])
  })

  it('leaves nothing of it in the background', async () => {
    await using it = await running()
    const mark = `${it.folder}-4`
    const {call} = exec(it.client, 'sleep 600 & setsid sleep 600 & echo done', {env: {MARK: mark}})
    assert.equal((await call.result).exitCode, 0)
    assert.deepEqual(await marked(mark), [])
  })

  it('reads no more than a window for a client that takes nothing, and goes on when it does', async () => {
    await using it = await running()
    let go: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      go = resolve
    })
    let size = 0
    const script = 'i=0; while [ $i -lt 64 ]; do head -c 65536 /dev/zero; i=$((i+1)); echo $i >> written; done'
    const call = it.client.open(
      'service.exec',
      {stack: 'demo', service: 'api', command: ['sh', '-c', script]},
      {
        async onOutput(_stream, bytes) {
          await held
          size += bytes.length
        },
      },
    )
    // What fits into the window, the pipe and one read was written, and then it stands still.
    const written = (): number => it.written('written').length
    await eventually(() => written() >= 4)
    for (let before = -1; before !== written();) {
      before = written()
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    assert.ok(written() < 16, `${written()} of 64 parts were written for nobody`)
    go()
    assert.equal((await call.result).exitCode, 0)
    assert.equal(size, 64 * 65_536)
  })

  it('lets go of a client that sends more than it may', async () => {
    await using it = await running()
    const {call} = exec(it.client, 'sleep 600')
    const result = assert.rejects(call.result, {code: 'CONNECTION_LOST'})
    // An honest client waits for credit.
    const take = mock.method(SendWindow.prototype, 'take', (most: number) => Promise.resolve(most))
    try {
      for (let sent = 0; sent < 4 * limits.windowBytes; sent += 48 * 1024) await call.write(Buffer.alloc(48 * 1024))
      await result
    } finally {
      take.mock.restore()
    }
  })
})

describe('service.attach', function () {
  this.timeout(20_000)

  const asking = `printf 'name? '; while read -r name; do echo "hello $name"; [ "$name" != quit ] || exit 3; printf 'name? '; done; echo over`

  async function asked() {
    const it = await daemon()
    const stack = await it.bench.load(file([sh('api', asking, 'stdin: true'), sh('deaf', 'echo said; exec sleep 600')]))
    await start(stack)
    return {...it, stack, client: await it.client(), connect: () => it.client()}
  }

  function attach(
    client: Client,
    more: {
      readonly service?: string
      readonly stdin?: boolean
      readonly tail?: number
      readonly signal?: AbortSignal
    } = {},
  ) {
    let text = ''
    const {signal, ...params} = more
    const call = client.open(
      'service.attach',
      {stack: 'demo', service: 'api', stdin: true, ...params},
      {
        ...(signal && {signal}),
        onOutput(_stream, bytes) {
          text += Buffer.from(bytes).toString()
        },
      },
    )
    return {call, text: () => text}
  }

  it('shows what is printed, a prompt without a line end too, hands lines over, and ends with the service', async () => {
    await using it = await asked()
    const {call, text} = attach(it.client, {tail: 10})
    await eventually(() => text() === 'name? ')
    await call.write(Buffer.from('ann\n'))
    await eventually(() => text() === 'name? hello ann\nname? ')
    await call.write(Buffer.from('quit\n'))
    assert.deepEqual(await call.result, {exitCode: 3, signal: null, reason: null})
    assert.match(text(), /hello quit\n$/)
  })

  it('leaves the service and its input alone when the client goes, however it goes', async () => {
    await using it = await asked()
    const first = attach(it.client)
    await first.call.write(Buffer.from('one\n'))
    await first.call.end()
    assert.equal(await first.call.result, null)
    const controller = new AbortController()
    const second = attach(it.client, {signal: controller.signal})
    controller.abort(new Error('enough'))
    await assert.rejects(second.call.result, /enough/)
    const leaving = await it.connect()
    const third = attach(leaving)
    const lost = assert.rejects(third.call.result, {code: 'CONNECTION_LOST'})
    await leaving[Symbol.asyncDispose]()
    await lost
    const last = attach(it.client, {tail: 10})
    await last.call.write(Buffer.from('two\n'))
    await eventually(() => last.text() === 'name? hello one\nname? hello two\nname? ')
    assert.equal(states(it.stack), 'api=Running deaf=Running')
    await last.call.end()
    await last.call.result
  })

  it('says when there is no input, and shows all the same what is printed', async () => {
    await using it = await asked()
    await assert.rejects(attach(it.client, {service: 'deaf'}).call.result, {
      code: 'SERVICE_NO_INPUT',
      hint: 'Add `stdin: true` to its target in the stack file, then run `harness restart deaf`.',
    })
    const {call, text} = attach(it.client, {service: 'deaf', stdin: false, tail: 10})
    await eventually(() => text() === 'said\n')
    await stop(it.stack)
    assert.deepEqual(await call.result, {exitCode: 143, signal: 'SIGTERM', reason: null})
    await assert.rejects(attach(it.client).call.result, {code: 'SERVICE_NOT_RUNNING'})
  })
})
