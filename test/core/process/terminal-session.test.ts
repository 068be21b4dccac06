import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {Session} from '../../../src/core/contract/session.js'
import {loadTerminals} from '../../../src/core/process/session/load-terminals.js'
import {eventually, workshop} from './temporary.js'

const terminal = {columns: 80, rows: 24}

const shell = (script: string) => ({program: 'sh', args: ['-c', script], env: {TERM: 'dumb'}, terminal})

/** A shell script at a terminal beside a program, and what it prints. */
async function session(shop: ReturnType<typeof workshop>, script: string) {
  const handle = await shop.sh('exec sleep 600')
  const opened = await handle.openSession?.(shell(script))
  assert.ok(opened)
  return {opened, handle}
}

function reading({output}: Session) {
  const parts: Uint8Array[] = []
  const done = (async () => {
    for await (const {stream, bytes} of output) {
      assert.equal(stream, 'stdout')
      parts.push(bytes)
    }
  })()
  const text = (): string => Buffer.concat(parts).toString()
  return {text, done}
}

describe('a session with a terminal', function () {
  this.timeout(20_000)

  it('has a terminal of the size that is asked for, and hears when that changes', async () => {
    await using shop = workshop()
    const {opened} = await session(
      shop,
      `trap 'stty size; exit 4' WINCH; tty -s && stty size; echo "$TERM"; while :; do sleep 0.02; done`,
    )
    const {text, done} = reading(opened)
    await eventually(() => text() === '24 80\r\ndumb\r\n')
    opened.resize({columns: 132, rows: 50})
    await done
    assert.equal(text(), '24 80\r\ndumb\r\n50 132\r\n')
    assert.deepEqual(await opened.ended, {by: 'code', code: 4})
    opened.resize({columns: 10, rows: 10})
  })

  it('turns Ctrl-C into a signal for the command, and Ctrl-D into the end of its input', async () => {
    await using shop = workshop()
    const {opened, handle} = await session(shop, 'echo ready; cat')
    const {text, done} = reading(opened)
    await eventually(() => text() === 'ready\r\n')
    await opened.write(Buffer.from('hello\n'))
    await eventually(() => text().endsWith('hello\r\nhello\r\n'))
    await opened.endInput()
    await done
    assert.deepEqual(await opened.ended, {by: 'code', code: 0})
    const other = await handle.openSession?.(shell('echo ready; exec sleep 600'))
    assert.ok(other)
    const second = reading(other)
    await eventually(() => second.text() === 'ready\r\n')
    await other.write(Uint8Array.of(3))
    assert.deepEqual(await other.ended, {by: 'signal', signal: 'SIGINT'})
    await second.done
  })

  it('loses nothing that a command has printed before its end, however slow the reader', async () => {
    await using shop = workshop()
    const {opened} = await session(shop, `stty -onlcr; head -c 300000 /dev/zero | tr '\\0' x; printf end`)
    const parts: Uint8Array[] = []
    for await (const {bytes} of opened.output) {
      if (parts.length === 0) await new Promise((resolve) => setTimeout(resolve, 600))
      parts.push(bytes)
    }
    const text = Buffer.concat(parts).toString()
    assert.equal(text.length, 300_003)
    assert.ok(text.endsWith('xend'))
  })

  it('waits with input that nobody reads, without holding up anything else', async () => {
    await using shop = workshop()
    const {opened} = await session(shop, 'stty raw -echo; echo ready; exec sleep 600')
    const {text} = reading(opened)
    await eventually(() => text().startsWith('ready'))
    let written = false
    const writing = opened.write(Buffer.alloc(1024 * 1024, 'x')).then(() => {
      written = true
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    assert.equal(written, false)
    await opened[Symbol.asyncDispose]()
    assert.equal((await opened.ended).by, 'signal')
    await writing
  })

  it('ends a shell that does not heed SIGTERM', async () => {
    await using shop = workshop()
    const {opened} = await session(shop, 'exec sh -i')
    const {text, done} = reading(opened)
    await eventually(() => text() !== '')
    const begin = performance.now()
    await opened[Symbol.asyncDispose]()
    await done
    assert.ok(performance.now() - begin < 1500, 'it did not have to be killed')
    assert.deepEqual((await shop.left()).length, 1, 'the service is left')
  })

  it('says what to install when there are no terminals', async () => {
    const load = (): Promise<never> => Promise.reject(new Error("Cannot find package '@lydell/node-pty'"))
    await assert.rejects(loadTerminals(load), {
      code: 'EXECUTOR_CANNOT',
      reason: /@lydell\/node-pty/,
      hint: /--include=optional.*--no-tty/,
    })
  })
})
