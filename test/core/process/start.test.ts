import assert from 'node:assert/strict'
import {existsSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {isHarnessError} from '../../../src/core/base/errors.js'
import type {StartRequest} from '../../../src/core/contract/executor.js'
import type {ProcessSpec} from '../../../src/core/executors/process/spec.js'
import {processExecutor} from '../../../src/core/executors/process/executor.js'
import {createProcessHost} from '../../../src/core/process/host.js'
import {identify} from '../../../src/core/process/identity.js'
import {createScanner} from '../../../src/core/process/scan.js'
import {readArguments} from '../../../src/core/process/platform.js'
import {eventually, linesOf, never, workshop} from './temporary.js'

async function refusal(spec: ProcessSpec, more: Partial<StartRequest> = {}): Promise<string> {
  await using shop = workshop()
  writeFileSync(path.join(shop.folder, 'plain.txt'), 'text', {mode: 0o644})
  const request = shop.request(spec, more)
  const error: unknown = await shop.start(request).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(isHarnessError(error) && error.code === 'SERVICE_START_FAILED', String(error))
  assert.equal(error.subject, 'svc')
  assert.equal(existsSync(path.join(shop.folder, 'runs')), false, 'nothing was made')
  return error.reason ?? ''
}

describe('a start that the system would refuse', () => {
  it('names a missing binary, without the whole PATH', async () => {
    assert.equal(await refusal({binary: 'foo'}, {env: {PATH: '/a:/b'}}), "binary 'foo' was not found in PATH")
    assert.equal(await refusal({binary: './foo'}), "binary './foo' does not exist")
  })

  it('names a binary that may not be run', async () => {
    assert.equal(await refusal({binary: './plain.txt'}), "binary './plain.txt' is not executable: permission denied")
    assert.equal(await refusal({binary: '/usr'}), "binary '/usr' is not a file")
  })

  it('names a wrong working directory', async () => {
    assert.match(
      await refusal({binary: 'sh', working_dir: 'gone'}),
      /^the working directory '.*\/gone' does not exist$/,
    )
    assert.match(await refusal({binary: 'sh', working_dir: 'plain.txt'}), /plain.txt' is not a directory$/)
  })

  it('names what makes the argument list too long', async () => {
    const long = 'x'.repeat(140_000)
    assert.match(
      await refusal({binary: 'sh', args: ['-c', long]}),
      /^argument list too long: argument 2 has 140001 bytes/,
    )
    assert.match(await refusal({binary: 'sh'}, {env: {BIG: long}}), /^argument list too long: .* variable 'BIG'/)
    const many = Array.from({length: 80_000}, () => 'x'.repeat(100))
    assert.match(await refusal({binary: 'sh', args: many}), /^argument list too long: arguments and environment/)
  })

  it('names text that cannot be passed on', async () => {
    assert.equal(await refusal({binary: 'sh', args: ['a\0b']}), 'argument 1 contains a NUL byte')
    assert.equal(
      await refusal({binary: 'sh'}, {env: {'A=B': ''}}),
      "'A=B' cannot be the name of an environment variable",
    )
  })
})

describe('starting services', () => {
  it('looks for a binary in the PATH of the service and for a path in its directory', async () => {
    await using shop = workshop()
    mkdirSync(path.join(shop.folder, 'bin'))
    writeFileSync(path.join(shop.folder, 'bin', 'tool'), '#!/bin/sh\necho tool in $PWD\n', {mode: 0o755})
    const named = await shop.start(shop.request({binary: 'tool'}, {env: {PATH: `${shop.folder}/bin:/bin`}}))
    const placed = await shop.start(shop.request({binary: './tool', working_dir: 'bin'}))
    await Promise.all([named.wait(), placed.wait()])
    assert.deepEqual(await linesOf(named), [`stdout: tool in ${shop.folder}`])
    assert.deepEqual(await linesOf(placed), [`stdout: tool in ${shop.folder}/bin`])
  })

  it("hides harness's own variables and gives what the stack file says", async () => {
    await using shop = workshop()
    const handle = await shop.sh('echo "$HARNESS_STATE_DIR,$HARNESS_MINE,$A,$B"', {
      inheritedEnv: {PATH: '/usr/bin:/bin', HARNESS_STATE_DIR: '/x', A: 'inherited', B: 'inherited'},
      env: {HARNESS_MINE: 'mine', B: 'given'},
    })
    await handle.wait()
    assert.deepEqual(await linesOf(handle), ['stdout: ,mine,inherited,given'])
  })

  it('goes on when the launching shell is killed', async () => {
    await using shop = workshop()
    const first = await shop.sh('exec sleep 600')
    const {processes} = await createScanner().scan()
    const shells = [...processes.values()].filter(
      ({pid, ppid}) => ppid === process.pid && readArguments(pid)[2] === 'eval "$HARNESS_SHIM"',
    )
    const others = Array.from({length: 20}, () => shop.sh('exec sleep 600'))
    for (const {pid} of shells) process.kill(pid, 'SIGKILL')
    for (const handle of await Promise.all(others)) assert.ok(identify(handle.place.pid ?? 0))
    assert.ok(identify(first.place.pid ?? 0), 'services outlive it')
  })

  it('leaves nothing when it is cancelled, at whatever moment', async () => {
    await using shop = workshop()
    const executor = shop.executor()
    await Promise.all(
      Array.from({length: 12}, async (_, index) => {
        const cancel = new AbortController()
        const starting = executor.start(shop.request({binary: 'sleep', args: ['600']}), {
          signal: cancel.signal,
          progress: () => undefined,
        })
        await new Promise((resolve) => setTimeout(resolve, index * 3))
        cancel.abort(new Error('cancelled'))
        await starting.then(
          (handle) => shop.keep(handle).stop({graceMs: 0}),
          () => undefined,
        )
      }),
    )
    assert.deepEqual(await shop.left(), [])
  })

  it('ends what it has launched when that cannot be watched', async () => {
    await using shop = workshop()
    const host = createProcessHost()
    const broken = {
      add: () => {
        throw new Error('nothing can be watched')
      },
    }
    const executor = processExecutor({} as never, {...host, slow: broken, fast: broken})
    const request = shop.request({binary: 'sh', args: ['-c', 'setsid sleep 600 & exec sleep 600']})
    await assert.rejects(executor.start(request, {signal: never, progress: () => undefined}), /nothing can be watched/)
    assert.deepEqual(await shop.left(), [])
  })

  it('starts 60 at once without blocking the event loop for long', async () => {
    await using shop = workshop()
    const {monitorEventLoopDelay} = await import('node:perf_hooks')
    await shop.sh('exit 0')
    const delay = monitorEventLoopDelay({resolution: 5})
    delay.enable()
    const handles = await Promise.all(Array.from({length: 60}, () => shop.sh('exec sleep 600')))
    delay.disable()
    assert.equal(new Set(handles.map(({place}) => place.pid)).size, 60)
    assert.ok(delay.percentile(99) / 1e6 < 250, `${delay.percentile(99) / 1e6} ms`)
  })
})

describe('a start whose shim never comes', () => {
  it('is found never to have begun, and then never begins', async () => {
    await using shop = workshop()
    const request = shop.request({binary: 'sleep', args: ['600']})
    const {createRunDirectory, runPaths, readExit, readRun} = await import('../../../src/core/process/run-directory.js')
    const {commandFile} = await import('../../../src/core/process/command-file.js')
    const {requirePlatform} = await import('../../../src/core/process/platform.js')
    const {createLauncher} = await import('../../../src/core/process/launcher.js')
    const paths = runPaths(request.runDirectory)
    const launch = {program: '/bin/sleep', args: ['600'], cwd: '/', env: {}, graceMs: 0}
    createRunDirectory(paths, commandFile(launch, requirePlatform()), false)
    const saved = shop.executor().intent(request)
    assert.equal(await shop.executor().recover(saved, never), undefined)
    assert.deepEqual(readdirSync(path.dirname(paths.directory)), [], 'its folder is removed')
    const launcher = createLauncher(requirePlatform())
    const fail = (reason: string): void => {
      assert.fail(reason)
    }
    const late = shop.request({binary: 'true'})
    const latePaths = runPaths(late.runDirectory)
    createRunDirectory(latePaths, commandFile({...launch, program: '/bin/true', args: []}, requirePlatform()), false)
    using _one = await launcher.submit({directory: paths.directory, capture: 'file', graceMs: 0}, fail)
    using _two = await launcher.submit({directory: latePaths.directory, capture: 'file', graceMs: 0}, fail)
    await eventually(() => readExit(latePaths))
    launcher.close()
    assert.equal(readRun(paths), undefined)
    assert.equal(await shop.executor().recover(saved, never), undefined)
  })
})
