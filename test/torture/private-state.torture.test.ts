import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {chmod, chown, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {setImmediate} from 'node:timers/promises'
import {describe, it} from 'mocha'
import {bin, Sandbox, until} from '../support/harness.js'
import {needs} from '../support/needs.js'
import {size} from './support/sizes.js'
import {canTrace, readTraces, tracing} from './support/traced.js'

const stack = `
name: private
services:
  talker:
    type: process
    binary: sh
    args: [-c, 'echo hello; echo oops >&2; exec sleep 1000']
  crasher:
    type: process
    binary: sh
    args: [-c, 'exit 3']
    restart: {policy: on-failure, delay: 10ms, max_attempts: 3}
tasks:
  once:
    task_type: command
    target: {type: process, binary: sh, args: [-c, 'echo done']}
`

/** Runs a daemon with no umask at all, puts it to all the work that leaves something in the state directory, and ends it. */
async function work(sandbox: Sandbox, front: readonly string[]): Promise<void> {
  await sandbox.write(stack)
  const command = [...front, process.execPath, bin, 'daemon', '--background', '--listen', '127.0.0.1:0']
  const daemon = spawn('sh', ['-c', 'umask 000; exec "$@"', 'sh', ...command], {env: sandbox.env, stdio: 'ignore'})
  const ended = new Promise((resolve) => daemon.once('exit', resolve))
  await until(
    async () => (await sandbox.json<{running: boolean}>('daemon', 'status')).running,
    'the daemon runs',
    30_000,
  )
  for (const args of [
    ['start', 'talker'],
    ['start', 'crasher'],
    ['task', 'run', 'once'],
    ['restart', 'talker'],
    ['logs', '--no-follow'],
    ['stop'],
    ['daemon', 'stop'],
  ]) {
    const {stderr} = await sandbox.run(...args)
    assert.doesNotMatch(stderr, /problems|Usage|INTERNAL/i, args.join(' '))
  }
  await ended
}

/** Every name below a folder, the folder itself as well, with what others may do to it. */
async function modes(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = ['.', ...(await readdir(folder, {recursive: true}))]
  const found = await Promise.all(
    names.map(async (name) => {
      const stats = await lstat(path.join(folder, name))
      return [name, `${stats.isDirectory() ? 'folder' : 'file'} ${(stats.mode & 0o777).toString(8)}`] as const
    }),
  )
  return Object.fromEntries(found)
}

describe('the state directory', function () {
  this.timeout(120_000)

  it('has folders of 0700 and files of 0600 at any time, with a umask of 000 (S4)', async () => {
    await using sandbox = await Sandbox.make()
    const over = new AbortController()
    const seen = new Map<string, string>()
    const walker = (async () => {
      while (!over.signal.aborted) {
        await setImmediate()
        const found = await modes(sandbox.state).catch(() => ({}))
        for (const [name, mode] of Object.entries(found)) seen.set(`${name} ${mode}`, mode)
      }
    })()
    await work(sandbox, [])
    over.abort()
    await walker
    const last = await modes(sandbox.state)
    assert.ok(
      Object.keys(last).some((name) => name.startsWith('runs/')),
      'the services have left their runs',
    )
    for (const [name, mode] of [...Object.entries(last), ...seen]) {
      // The kernel makes a socket without asking for a mode: for a moment it is 700, as narrow as a umask can make it.
      assert.match(mode, name.startsWith('daemon.sock') ? /^file [67]00$/ : /^(folder 700|file 600)$/, name)
    }
  })

  it('has them from their creation on, as the kernel is asked for them (S4)', async function () {
    const {isThere, works} = await canTrace()
    needs(this, isThere, 'strace')
    if (!works) {
      console.log('      skipped: this kernel lets nobody trace processes')
      this.skip()
    }
    await using sandbox = await Sandbox.make()
    const traces = await mkdtemp(path.join(tmpdir(), 'harness-traces-'))
    try {
      await work(sandbox, tracing(traces))
      const made = (await readTraces(traces, 0)).filter(({file}) => file.startsWith(`${sandbox.state}/`))
      assert.ok(
        made.some(({file}) => file.startsWith(`${sandbox.state}/runs/`)),
        'the runs were traced',
      )
      assert.ok(made.length > 50, `${made.length} were traced`)
      for (const {kind, file, mode} of made) {
        assert.equal(mode & 0o077, 0, `the ${kind} ${file} was made with ${mode.toString(8)}`)
      }
    } finally {
      await rm(traces, {recursive: true})
    }
  })

  const unsafe: Readonly<Record<string, (state: string, folder: string) => Promise<unknown>>> = {
    'is open to everybody': async (state) => {
      await mkdir(state)
      await chmod(state, 0o777)
    },
    'is open to its group': async (state) => {
      await mkdir(state)
      await chmod(state, 0o750)
    },
    'is a link': async (state, folder) => {
      await mkdir(path.join(folder, 'elsewhere'), {mode: 0o700})
      await symlink(path.join(folder, 'elsewhere'), state)
    },
    'is a file': (state) => writeFile(state, '', {mode: 0o600}),
  }
  for (const [name, make] of Object.entries(unsafe)) {
    it(`is refused when it ${name}, and nothing is put there (S4)`, async () => {
      await using sandbox = await Sandbox.make()
      await make(sandbox.state, sandbox.folder)
      await assertRefused(sandbox, sandbox.state)
    })
  }

  it('is refused when it belongs to somebody else (S4)', async function () {
    needs(this, process.getuid?.() === 0, 'root, to give a folder away')
    await using sandbox = await Sandbox.make()
    await mkdir(sandbox.state, {mode: 0o700})
    await chown(sandbox.state, 65_534, 65_534)
    await assertRefused(sandbox, sandbox.state)
  })

  const names = ['daemon.log', 'token', 'runs', 'store/journal']
  const more = ['daemon.json', 'daemon.lock', 'daemon.sock', 'tls-cert.pem', 'tls-key.pem', 'store']
  for (const name of [...names, ...more.slice(0, size({quick: 0, full: more.length}))]) {
    it(`follows no link that lies there as ${name} (S4)`, async () => {
      await using sandbox = await Sandbox.make()
      const elsewhere = path.join(sandbox.folder, 'elsewhere')
      await mkdir(elsewhere, {mode: 0o755})
      const target = path.join(elsewhere, 'target')
      if (['runs', 'store'].includes(name)) await mkdir(target, {mode: 0o700})
      else await writeFile(target, 'precious', {mode: 0o644})
      const before = await modes(elsewhere)
      await mkdir(path.dirname(path.join(sandbox.state, name)), {recursive: true, mode: 0o700})
      await symlink(target, path.join(sandbox.state, name))
      await sandbox.write(stack)
      const started = await sandbox.run('start', 'talker')
      assert.deepEqual(await modes(elsewhere), before, `exit ${started.code}: ${started.stderr}`)
      if (!['runs', 'store'].includes(name)) assert.equal(await readFile(target, 'utf8'), 'precious')
      // Either it says what is wrong, or it has put a file of its own in the place of the link.
      if (started.code !== 0) assert.match(started.stderr, /symbolic link|not a socket/)
    })
  }
})

async function assertRefused(sandbox: Sandbox, directory: string): Promise<void> {
  await sandbox.write(stack)
  for (const args of [['start'], ['daemon']]) {
    const {code, stderr} = await sandbox.run(...args)
    assert.equal(code, 5, `${args.join(' ')}: ${stderr}`)
    assert.ok(stderr.includes(directory), stderr)
    assert.match(stderr, /cannot use .* for its state/)
  }
  assert.deepEqual(await readdir(directory).catch(() => []), [])
}
