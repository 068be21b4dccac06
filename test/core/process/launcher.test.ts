import assert from 'node:assert/strict'
import {chmodSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {systemClock, type Clock} from '../../../src/core/base/clock.js'
import {isHarnessError} from '../../../src/core/base/errors.js'
import {processExecutor} from '../../../src/core/executors/process/executor.js'
import {createProcessHost} from '../../../src/core/process/host.js'
import {createLauncher} from '../../../src/core/process/launcher.js'
import {requirePlatform, type PlatformTools} from '../../../src/core/process/platform.js'
import {createRunDirectory, readClaim, runPaths} from '../../../src/core/process/run-directory.js'
import {eventually, never, workshop} from './temporary.js'

/** The system's clock, a hundred times as fast for those who wait. It remembers how long they wanted to. */
function hastyClock(): Clock & {readonly waits: number[]} {
  const waits: number[] = []
  return {
    ...systemClock,
    waits,
    after(ms, callback) {
      waits.push(ms)
      return systemClock.after(ms / 100, callback)
    },
  }
}

function brokenShell(folder: string, script: string): PlatformTools {
  const sh = path.join(folder, 'broken-sh')
  writeFileSync(sh, script)
  chmodSync(sh, 0o755)
  return {...requirePlatform(), sh}
}

const order = {directory: '/nowhere', capture: 'file', graceMs: 0} as const

describe('a launching shell that ends at once', () => {
  it('is opened again less and less often, and then given up', async () => {
    await using shop = workshop()
    const clock = hastyClock()
    const launcher = createLauncher(brokenShell(shop.folder, '#!/bin/sh\nexit 3\n'), clock)
    const reasons: string[] = []
    using _order = await launcher.submit(order, (reason) => reasons.push(reason))
    await eventually(() => reasons.length > 0)
    assert.match(reasons.join(), /^the shell that starts programs \('.*\/broken-sh'\) ended 6 times at once: exit 3$/)
    assert.deepEqual(clock.waits, [50, 100, 200, 400, 800])
    launcher.close()
  })

  it('is told also when it cannot be run at all', async () => {
    await using shop = workshop()
    const launcher = createLauncher(brokenShell(shop.folder, '#!/no/such/interpreter\n'), hastyClock())
    const reasons: string[] = []
    using _order = await launcher.submit(order, (reason) => reasons.push(reason))
    await eventually(() => reasons.length > 0)
    assert.match(reasons.join(), /ENOENT/)
    launcher.close()
  })

  it('is tried anew by the next order, when what was wrong is over', async () => {
    await using shop = workshop()
    const tools = brokenShell(shop.folder, '#!/bin/sh\nexit 3\n')
    const launcher = createLauncher(tools, hastyClock())
    let failed = false
    using _first = await launcher.submit(order, () => (failed = true))
    await eventually(() => failed)
    brokenShell(shop.folder, '#!/bin/sh\nexec /bin/sh "$@"\n')
    const paths = runPaths(shop.request({binary: 'true'}).runDirectory)
    createRunDirectory(paths, 'exit 0\n', false)
    using _second = await launcher.submit({...order, directory: paths.directory}, () => undefined)
    await eventually(() => readClaim(paths))
    launcher.close()
  })

  it('makes a start fail with the reason', async () => {
    await using shop = workshop()
    const tools = brokenShell(shop.folder, '#!/bin/sh\nkill -9 $$\n')
    const executor = processExecutor({} as never, createProcessHost({tools, clock: hastyClock()}))
    const starting = executor.start(shop.request({binary: 'true'}), {signal: never, progress: () => undefined})
    await assert.rejects(starting, (error) => {
      assert.ok(isHarnessError(error) && error.code === 'SERVICE_START_FAILED')
      assert.match(error.reason ?? '', /ended 6 times at once: killed by SIGKILL/)
      return true
    })
  })

  it('makes a start fail at once where each program needs a shell of its own', async () => {
    await using shop = workshop()
    const tools = {...brokenShell(shop.folder, '#!/bin/sh\nexit 3\n'), env: '/bin/false'}
    const executor = processExecutor({} as never, createProcessHost({tools}))
    const starting = executor.start(shop.request({binary: 'true'}), {signal: never, progress: () => undefined})
    await assert.rejects(starting, /ended before it had begun: exit 3/)
  })
})
