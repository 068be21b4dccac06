import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {closeSync, existsSync, linkSync, openSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {commandFile} from '../../../src/core/process/command-file.js'
import {findRun} from '../../../src/core/process/find-run.js'
import {createProcessHost} from '../../../src/core/process/host.js'
import {identify, isAlive, signalProcess} from '../../../src/core/process/identity.js'
import {createLauncher} from '../../../src/core/process/launcher.js'
import {bootId, requirePlatform} from '../../../src/core/process/platform.js'
import {createRunDirectory, readClaim, readExit, readRun, runPaths} from '../../../src/core/process/run-directory.js'
import {createScanner} from '../../../src/core/process/scan.js'
import {removeRun, setAside} from '../../../src/core/process/set-aside.js'
import {eventually, never, workshop} from './temporary.js'

const noLaunch = {program: '/bin/true', args: [], cwd: '/', env: {}, graceMs: 0}

describe('the folder of an attempt', () => {
  it('is removed with what earlier removals, which a killed daemon has begun, have left', async () => {
    await using shop = workshop()
    const paths = runPaths(shop.request({binary: 'true'}).runDirectory)
    const half = runPaths(`${path.dirname(paths.directory)}/another.never`)
    for (const each of [paths, half, runPaths(`${paths.directory}.never`)]) {
      createRunDirectory(each, commandFile(noLaunch, requirePlatform()), false)
    }
    rmSync(half.command)
    await removeRun(paths)
    assert.deepEqual(readdirSync(path.dirname(paths.directory)), [])
    await removeRun(paths)
  })
})

describe('an attempt that never began', () => {
  it('leaves nothing on disk, also when its removal was interrupted before', async () => {
    await using shop = workshop()
    const {runDirectory, instance, service} = shop.request({binary: 'true'})
    const paths = runPaths(runDirectory)
    const find = () => findRun({paths, instance, service}, createProcessHost())
    createRunDirectory(paths, commandFile(noLaunch, requirePlatform()), false)
    const twin = runPaths(`${paths.directory}.never`)
    createRunDirectory(twin, commandFile(noLaunch, requirePlatform()), false)
    rmSync(paths.directory, {recursive: true})
    assert.equal(await find(), undefined)
    createRunDirectory(paths, commandFile(noLaunch, requirePlatform()), false)
    assert.equal(await find(), undefined)
    assert.equal(await find(), undefined)
    assert.deepEqual(readdirSync(path.dirname(paths.directory)), [])
  })

  it('is kept when it began in the last moment', async () => {
    await using shop = workshop()
    const paths = runPaths(shop.request({binary: 'true'}).runDirectory)
    createRunDirectory(paths, commandFile(noLaunch, requirePlatform()), false)
    writeFileSync(paths.run, `run 1 2 3 4 ${bootId()}\n`)
    const run = setAside(paths)
    assert.equal(run?.program.pid, 3)
    assert.deepEqual(readRun(paths), run)
    assert.ok(existsSync(paths.command), 'a later daemon reads what it was')
  })

  it('writes down how it ended when its command was taken before it could begin', async () => {
    await using shop = workshop()
    const paths = runPaths(shop.request({binary: 'true'}).runDirectory)
    createRunDirectory(paths, commandFile(noLaunch, requirePlatform()), false)
    rmSync(paths.command)
    const launcher = createLauncher(requirePlatform())
    using _order = await launcher.submit({directory: paths.directory, capture: 'file', graceMs: 0}, () => undefined)
    const exit = await eventually(() => readExit(paths))
    launcher.close()
    assert.equal(exit.code, 125)
    assert.equal(readRun(paths), undefined, 'nothing has run')
  })

  it('does not begin when what was to become the program comes late and nobody knows of it', async () => {
    await using shop = workshop()
    const request = shop.request({binary: 'true'})
    const paths = runPaths(request.runDirectory)
    const begun = path.join(shop.folder, 'begun')
    const launch = {...noLaunch, program: '/bin/sh', args: ['-c', `: >'${begun}'`]}
    createRunDirectory(paths, commandFile(launch, requirePlatform()), false)
    // It waits where it opens its output, until somebody reads there.
    rmSync(paths.out)
    execFileSync('sh', ['-c', 'mkfifo "$0"', paths.out])
    const gate = path.join(shop.folder, 'gate')
    linkSync(paths.out, gate)
    const launcher = createLauncher(requirePlatform())
    const fail = (reason: string): void => {
      assert.fail(reason)
    }
    using _order = await launcher.submit({directory: paths.directory, capture: 'file', graceMs: 0}, fail)
    const claim = await eventually(() => readClaim(paths))
    assert.ok(claim.by === 'shim')
    const {pid} = await eventually(async () => {
      const {processes} = await createScanner().scan()
      return [...processes.values()].find(({ppid}) => ppid === claim.shim.pid)
    })
    const orphan = identify(pid)
    assert.ok(orphan)
    signalProcess(claim.shim, 'SIGKILL')
    const executor = shop.executor()
    assert.equal(await executor.recover(executor.intent(request), never), undefined)
    const reader = openSync(gate, 'r')
    await eventually(() => !isAlive(orphan))
    closeSync(reader)
    launcher.close()
    assert.equal(existsSync(begun), false)
    assert.equal(existsSync(paths.directory), false)
  })
})
