import assert from 'node:assert/strict'
import {chmodSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {identify} from '../../../src/core/process/identity.js'
import {findTool, requirePlatform} from '../../../src/core/process/platform.js'
import {eventually, linesOf, workshop} from './temporary.js'

const shells = ['dash', 'bash', 'busybox'].flatMap((name) => {
  const sh = findTool(name)
  return sh === undefined || name === 'busybox' ? [] : [{name, tools: {...requirePlatform(), sh}}]
})

for (const {name, tools} of shells) {
  describe(`the shim in ${name}`, () => {
    it('gives arguments, environment and directory byte for byte', async () => {
      await using shop = workshop(tools)
      const texts = ['', 'a b', "it's", '"$HOME" `x` \\', 'new\nline', 'é 漢字 Á\u0081', '*', '-n', '$1']
      const names = ['A', 'dir', 'code', 'mask', 'pid', 'by', 'grace', 'IFS', 'OPTIND', 'x.y', 'RANDOM', 'stat', 'PATH']
      const env = Object.fromEntries(names.map((key, index) => [key, `${index} 'é' \n $x`]))
      const print = `#!${process.execPath}
        console.log(JSON.stringify([process.argv.slice(2), process.env, process.cwd()]))`
      writeFileSync(path.join(shop.folder, 'print with space'), print, {mode: 0o755})
      const handle = await shop.start(
        shop.request({binary: './print with space', args: texts}, {env, inheritedEnv: {}}),
      )
      assert.deepEqual(await handle.wait(), {by: 'code', code: 0})
      const [args, seen, cwd] = JSON.parse((await linesOf(handle))[0]?.slice('stdout: '.length) ?? '') as [
        string[],
        Record<string, string>,
        string,
      ]
      assert.deepEqual(args, texts)
      assert.equal(cwd, shop.folder)
      const {_: _shells, HARNESS_INSTANCE: instance, HARNESS_RUN_DIR: folder, ...rest} = seen
      delete rest['SHLVL']
      assert.equal(instance, handle.save().state.instance)
      assert.equal(folder, handle.save().state.runDirectory)
      assert.deepEqual(rest, {...env, PWD: shop.folder})
    })

    it('starts programs with every signal at its default, in a session of their own', async () => {
      await using shop = workshop(tools)
      const handle = await shop.start(
        shop.request({binary: 'grep', args: ['-E', 'SigIgn|SigBlk|NSsid', '/proc/self/status']}),
      )
      await handle.wait()
      const zero = '0000000000000000'
      const text = (await linesOf(handle)).join('\n')
      assert.match(text, new RegExp(`SigBlk:\t${zero}`))
      assert.match(text, new RegExp(`SigIgn:\t${zero}`))
      assert.match(text, new RegExp(`NSsid:\t${handle.place.pid}\\b`))
    })

    it('gives a service that reads standard input its end', async () => {
      await using shop = workshop(tools)
      const handle = await shop.sh('cat; echo end; exit 9')
      assert.deepEqual(await handle.wait(), {by: 'code', code: 9})
      assert.deepEqual(await linesOf(handle), ['stdout: end'])
    })

    for (const capture of ['file', 'pipe'] as const) {
      it(`captures both streams by ${capture}, also what comes just before the end`, async () => {
        await using shop = workshop(tools)
        const handle = await shop.sh('echo one; echo two >&2; printf last', {logs: {capture, merge: false}})
        await handle.wait()
        assert.deepEqual(await linesOf(handle), ['stdout: one', 'stdout: last', 'stderr: two'])
      })

      it(`merges both streams in exact order by ${capture}`, async () => {
        await using shop = workshop(tools)
        const handle = await shop.sh('for i in 1 2 3; do echo o$i; echo e$i >&2; done', {logs: {capture, merge: true}})
        await handle.wait()
        assert.deepEqual(
          await linesOf(handle),
          ['o1', 'e1', 'o2', 'e2', 'o3', 'e3'].map((text) => `stdout: ${text}`),
        )
      })
    }

    it('loses nothing by pipe when the program re-opens its output', async () => {
      await using shop = workshop(tools)
      const handle = await shop.sh('echo a >&2; echo b > /dev/stderr; echo c > /dev/stderr; echo d >&2', {
        logs: {capture: 'pipe', merge: false},
      })
      await handle.wait()
      assert.deepEqual(
        await linesOf(handle),
        ['a', 'b', 'c', 'd'].map((text) => `stderr: ${text}`),
      )
    })

    it('does not wait for a stranger that holds the pipe', async () => {
      await using shop = workshop(tools)
      const handle = await shop.sh('setsid sleep 600 & echo said', {logs: {capture: 'pipe', merge: false}})
      const begin = performance.now()
      await handle.wait()
      assert.ok(performance.now() - begin < 4000, 'it waited')
      assert.deepEqual(await linesOf(handle), ['stdout: said'])
      assert.deepEqual(await shop.left(), [])
    })

    it('ends what the program leaves in its group, first politely', async () => {
      await using shop = workshop(tools)
      const handle = await shop.sh(`sh -c 'trap "echo asked; exit" TERM; echo ready; while :; do sleep 0.05; done' &
        sh -c 'trap "" TERM; sleep 600' & sleep 0.2; exit 3`)
      assert.deepEqual(await handle.wait(), {by: 'code', code: 3})
      const said = (await linesOf(handle)).filter((line) => line.startsWith('stdout'))
      assert.deepEqual(said, ['stdout: ready', 'stdout: asked'])
      assert.deepEqual(await shop.left(), [])
    })

    it('goes on when it is asked to end itself', async () => {
      await using shop = workshop(tools)
      const handle = await shop.sh('exec sleep 1000')
      const {readRun, runPaths} = await import('../../../src/core/process/run-directory.js')
      const run = readRun(runPaths(handle.save().state.runDirectory))
      assert.ok(run)
      for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGUSR1'] as const) process.kill(run.shim.pid, signal)
      await handle.signal?.('SIGKILL')
      await handle.wait()
      assert.match(readFileSync(runPaths(handle.save().state.runDirectory).exit, 'latin1'), /^exit /)
    })

    it('writes every file for its user alone', async () => {
      await using shop = workshop(tools)
      const handle = await shop.sh('exit 0', {logs: {capture: 'pipe', merge: false}})
      await handle.wait()
      const {readdirSync, statSync} = await import('node:fs')
      const folder = handle.save().state.runDirectory
      assert.equal(statSync(folder).mode & 0o777, 0o700)
      const files = readdirSync(folder)
      for (const file of ['claim', 'command', 'run', 'exit', 'out.fifo', 'out.log', 'err.fifo', 'err.log']) {
        assert.ok(files.includes(file), file)
      }
      for (const file of files) assert.equal(statSync(path.join(folder, file)).mode & 0o777, 0o600, file)
    })

    for (const mask of [0o022, 0o027]) {
      it(`gives the program the umask ${mask.toString(8)} of the daemon`, async () => {
        const before = process.umask(mask)
        try {
          await using shop = workshop(tools)
          const handle = await shop.sh('umask')
          await handle.wait()
          const [line] = await linesOf(handle)
          assert.equal(Number.parseInt(line?.replace('stdout: ', '') ?? '', 8), mask)
        } finally {
          process.umask(before)
        }
      })
    }

    it('leaves no shell behind when a service has ended', async () => {
      await using shop = workshop(tools)
      const handle = await shop.sh('exit 0')
      await handle.wait()
      const {readRun, runPaths} = await import('../../../src/core/process/run-directory.js')
      const shim = readRun(runPaths(handle.save().state.runDirectory))?.shim.pid ?? 0
      await eventually(() => identify(shim) === undefined)
    })
  })
}

describe('a refusal of the system after the start', () => {
  it('is told in words: the interpreter is missing', async () => {
    await using shop = workshop()
    const file = path.join(shop.folder, 'script')
    writeFileSync(file, '#!/no/such/interpreter -x\n')
    chmodSync(file, 0o755)
    const handle = await shop.start(shop.request({binary: './script'}))
    assert.deepEqual(await handle.wait(), {
      by: 'code',
      code: 127,
      startFailure: `${file} needs the interpreter '/no/such/interpreter', which does not exist`,
    })
  })

  it('is not seen in a program that exits with 127 by itself', async () => {
    await using shop = workshop()
    const handle = await shop.sh('echo hello >&2; exit 127')
    assert.deepEqual(await handle.wait(), {by: 'code', code: 127})
  })
})
