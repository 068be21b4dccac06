import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import type {Client} from '../../src/core/client/client.js'
import {processesNaming, Sandbox, until} from '../support/harness.js'
import {openClient} from './support/daemon.js'
import {measured, size} from './support/sizes.js'

const mebibyte = 1024 * 1024
const megabytes = size({quick: 20, full: 200})
const bytes = megabytes * 1000 * 1000
const mostGrowth = 32

const stackFile = `name: stalled
services:
  api: {type: process, binary: sleep, args: ['600']}
`

/** Resident memory in MiB. */
async function memoryOf(pid: number): Promise<number> {
  return Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

/** Does nothing come any more? Looks for as long as a daemon that reads on would need for much. */
async function stoodStill(written: () => Promise<number>): Promise<number> {
  for (let before = -1; ;) {
    const now = await written()
    if (now > 0 && now === before) return now
    before = now
    await systemClock.sleep(300)
  }
}

/** How much of its output the command got rid of. */
async function writtenBy(mark: string): Promise<number> {
  for (const pid of await processesNaming(mark)) {
    const io = await readFile(`/proc/${pid}/io`, 'utf8').catch(() => '')
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
    if (name === 'head\n') return Number(/wchar: (\d+)/.exec(io)?.[1])
  }
  return 0
}

describe(`a command that prints ${megabytes} MB for a client that stalls`, function () {
  this.timeout(240_000)

  for (const how of ['takes nothing of it', 'reads nothing at all'] as const) {
    for (const tty of [false, true]) {
      it(`costs the daemon less than ${mostGrowth} MB when the client ${how}${tty ? ', at a terminal' : ''}, and arrives whole`, async () => {
        await using sandbox = await Sandbox.make()
        await sandbox.write(stackFile)
        assert.equal((await sandbox.run('start')).code, 0)
        await using client = await openClient(sandbox)
        const {pid} = client.hello.daemon
        await warmUp(client, tty)
        const baseline = await memoryOf(pid)
        let go = (): void => undefined
        const held = new Promise<void>((resolve) => {
          go = resolve
        })
        let received = 0
        const command = ['sh', '-c', `${tty ? 'stty raw; ' : ''}head -c ${bytes} /dev/zero`]
        const call = client.open(
          'service.exec',
          {stack: 'stalled', service: 'api', command, tty, env: {MARK: sandbox.folder}},
          {
            async onOutput(_stream, part) {
              if (received === 0 && how === 'reads nothing at all') client.pause()
              received += part.length
              if (how === 'takes nothing of it') await held
            },
          },
        )
        const written = await stoodStill(() => writtenBy(sandbox.folder))
        const growth = (await memoryOf(pid)) - baseline
        measured('kept back', `${((bytes - written) / mebibyte).toFixed(1)} MiB`)
        measured('growth', `${growth.toFixed(1)} MiB`)
        assert.ok(written < 4 * mebibyte, `${written} bytes were printed for nobody`)
        assert.ok(growth < mostGrowth, `the daemon grew by ${growth} MiB`)
        go()
        client.resume()
        let peak = 0
        const watching = watch(pid, call.result, (now) => {
          peak = Math.max(peak, now - baseline)
        })
        assert.equal((await call.result).exitCode, 0)
        await watching
        assert.equal(received, bytes)
        measured('growth while it flows', `${peak.toFixed(1)} MiB`)
        await until(async () => (await writtenBy(sandbox.folder)) === 0, 'the command has ended')
      })
    }
  }
})

/** What the daemon loads with the first session is no cost of this one. */
async function warmUp(client: Client, tty: boolean): Promise<void> {
  const command = ['head', '-c', '4000000', '/dev/zero']
  const params = {stack: 'stalled', service: 'api', command, tty}
  await client.open('service.exec', params, {onOutput: () => undefined}).result
}

async function watch(pid: number, over: Promise<unknown>, hear: (memory: number) => void): Promise<void> {
  const ended = new AbortController()
  const end = over.finally(() => {
    ended.abort()
  })
  while (!ended.signal.aborted) {
    hear(await memoryOf(pid).catch(() => 0))
    await Promise.race([systemClock.sleep(100), end])
  }
}
