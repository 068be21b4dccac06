import assert from 'node:assert/strict'
import path from 'node:path'
import {truncate, writeFile} from 'node:fs/promises'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import {isHarnessError} from '../../src/core/base/errors.js'
import type {Client} from '../../src/core/client/client.js'
import {diagnosticsIn} from '../../src/core/config/format-diagnostics.js'
import {hostileFiles} from '../support/hostile-files.js'
import {Sandbox} from '../support/harness.js'
import {callerEnv, openClient} from './support/daemon.js'
import {measured, percentile} from './support/sizes.js'

interface Refusal {
  readonly line: number | undefined
  readonly message: string
  readonly ms: number
}

async function refusalOf(client: Client, file: string): Promise<Refusal> {
  const began = systemClock.monotonic()
  try {
    await client.call('stack.loadFile', {file, env: callerEnv, requestId: path.basename(file)})
  } catch (error) {
    assert.ok(isHarnessError(error) && error.code === 'CONFIG_INVALID', String(error))
    const [first] = diagnosticsIn(error.details).filter(({severity}) => severity === 'error')
    return {line: first?.line, message: first?.message ?? error.message, ms: systemClock.monotonic() - began}
  }
  return assert.fail(`${file} was taken`)
}

describe(`${Object.keys(hostileFiles).length + 1} stack files that are made to exhaust a reader (S10)`, function () {
  this.timeout(120_000)

  it('are refused with their line, while the daemon goes on with other work', async () => {
    await using sandbox = await Sandbox.make()
    await using client = await openClient(sandbox)
    await using other = await openClient(sandbox)
    const waits: number[] = []
    const over = new AbortController()
    const asking = (async () => {
      while (!over.signal.aborted) {
        const began = systemClock.monotonic()
        await other.call('stack.list', {})
        waits.push(systemClock.monotonic() - began)
        await systemClock.sleep(5)
      }
    })()
    const slowest = {what: '', ms: 0}
    const files = Object.entries(hostileFiles)
    for (const [index, [what, [text, line, message]]] of files.entries()) {
      const file = path.join(sandbox.folder, `${index}.yaml`)
      await writeFile(file, text())
      const before = waits.length
      const refusal = await refusalOf(client, file)
      assert.match(refusal.message, message, what)
      if (line !== undefined) assert.equal(refusal.line, line, what)
      // Others are answered meanwhile: where it is read for long enough to be seen, more than once.
      if (refusal.ms > 500) assert.ok(waits.length > before + 1, `${what}: ${waits.length - before} answers`)
      if (refusal.ms > slowest.ms) Object.assign(slowest, {what, ms: refusal.ms})
    }
    const large = await sandbox.write('a: b\n', 'large.yaml')
    await truncate(large, 50 * 1024 * 1024)
    const {line, message} = await refusalOf(client, large)
    assert.match(message, /larger than 1 MiB/)
    assert.equal(line, 2)
    over.abort()
    await asking
    measured('slowest', `a file ${slowest.what}: ${slowest.ms.toFixed(0)} ms`)
    measured(
      'another client waited',
      `p99 ${percentile(waits, 0.99).toFixed(0)} ms, at most ${Math.max(...waits).toFixed(0)} ms`,
    )
  })
})
