import assert from 'node:assert/strict'
import {execFile, spawn} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {bin, Sandbox, until} from '../support/harness.js'
import {atTerminal, programAtTerminal} from '../support/pty.js'

const stackFile = `name: exec
services:
  api: {type: process, binary: sleep, args: ['600'], env: {OWN: own}}
`

async function started(): Promise<Sandbox> {
  const sandbox = await Sandbox.make()
  await sandbox.write(stackFile)
  const {code, stderr} = await sandbox.run('start')
  assert.equal(code, 0, stderr)
  return sandbox
}

/** Processes of commands beside services. */
const sessionsIn = (sandbox: Sandbox) => having(sandbox, 'environ', 'HARNESS_SESSION=')
/** `harness exec` itself. */
const clientsIn = (sandbox: Sandbox) => having(sandbox, 'cmdline', 'run.js\0exec')

async function having(sandbox: Sandbox, file: string, text: string): Promise<readonly number[]> {
  const pids = await sandbox.processes()
  const contents = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')))
  return pids.filter((_, index) => contents[index]?.includes(text))
}

describe('harness exec', function () {
  this.timeout(60_000)

  it('passes output, errors and the exit code on, and says what cannot be run', async () => {
    await using sandbox = await started()
    const ran = await sandbox.run('exec', 'api', '--', 'sh', '-c', 'echo $OWN; echo no >&2; exit 42')
    assert.deepEqual(ran, {code: 42, stdout: 'own\n', stderr: 'no\n'})
    assert.equal((await sandbox.run('exec', 'api', 'sh', '-c', 'kill -TERM $$')).code, 143)
    const missing = await sandbox.run('exec', 'api', 'no-such-program')
    assert.equal(missing.code, 127)
    assert.match(missing.stderr, /^Error: 'no-such-program' cannot be run beside 'api': .* was not found in PATH\.\n$/)
    assert.equal((await sandbox.run('exec', 'api')).code, 2)
    assert.equal((await sandbox.run('exec', 'ghost', 'true')).code, 2)
    await sandbox.run('stop')
    assert.equal((await sandbox.run('exec', 'api', 'true')).code, 4)
  })

  it('takes variables and a directory beside those of the service', async () => {
    await using sandbox = await started()
    sandbox.variables = {FROM_HERE: 'here'}
    const flags = ['-e', 'OWN=other', '--variable', 'FROM_HERE', '-w', '/tmp']
    const ran = await sandbox.run('exec', ...flags, 'api', 'sh', '-c', 'echo $OWN $FROM_HERE $PWD; pwd')
    assert.deepEqual(ran, {code: 0, stdout: 'other here /tmp\n/tmp\n', stderr: ''})
    const unset = await sandbox.run('exec', '-e', 'NOT_SET', 'api', 'true')
    assert.equal(unset.code, 2)
    assert.match(unset.stderr, /NAME=VALUE, or the name of a variable that is set here/)
    const wrong = await sandbox.run('exec', '-e', '1X=canary', 'api', 'true')
    assert.equal(wrong.code, 2)
    assert.ok(!wrong.stderr.includes('canary'), wrong.stderr)
    const nowhere = await sandbox.run('exec', '-w', '/no/such/folder', 'api', 'true')
    assert.equal(nowhere.code, 126)
    assert.match(nowhere.stderr, /\/no\/such\/folder/)
  })

  it('brings bytes through as they are, in and out', async () => {
    await using sandbox = await started()
    const sent = randomBytes(1_000_003)
    const [input, output] = [path.join(sandbox.folder, 'input'), path.join(sandbox.folder, 'output')]
    await writeFile(input, sent)
    await new Promise<void>((resolve, reject) => {
      const line = '"$0" "$1" exec api cat < input > output'
      execFile('sh', ['-c', line, process.execPath, bin], {cwd: sandbox.folder, env: sandbox.env}, (error) => {
        if (error) reject(new Error('cat failed', {cause: error}))
        else resolve()
      })
    })
    assert.ok((await readFile(output)).equals(sent))
  })

  it('gives the command a terminal of the same size, which changes with ours', async () => {
    await using sandbox = await started()
    const script = `trap 'stty size' WINCH; tty -s && stty size; while :; do sleep 0.05; done`
    await using at = atTerminal(sandbox, 'exec', 'api', 'sh', '-c', script)
    await at.shows('30 100')
    at.pty.resize(120, 40)
    await at.shows('40 120')
    at.pty.write('\x03')
    assert.equal(await at.ended, 130)
  })

  it('leaves every key to the program, and the terminal as it was afterwards', async () => {
    await using sandbox = await started()
    const keys = `stty raw -echo; printf ready; dd bs=1 count=3 2>/dev/null | od -An -tx1; stty sane; exit 6`
    const line = `stty -a > before; "$0" "$1" exec api -- sh -c '${keys}'; echo "code $?"; stty -a > after`
    await using at = programAtTerminal(sandbox, 'sh', ['-c', line, process.execPath, bin])
    await at.shows('ready')
    at.pty.write('\x03\x1a\x11')
    await at.shows('03 1a 11')
    await at.shows('code 6')
    assert.equal(await at.ended, 0)
    const [before, after] = await Promise.all(
      ['before', 'after'].map((name) => readFile(path.join(sandbox.folder, name), 'utf8')),
    )
    assert.equal(after, before)
  })

  it('leaves the terminal as it was when it is ended, and when the daemon is killed', async () => {
    await using sandbox = await started()
    const line = `stty -a > before; "$0" "$1" exec api -- sh -c 'echo up; exec sleep 600'; echo "code $?"; stty -a > after`
    const same = async (): Promise<void> => {
      const read = (name: string) => readFile(path.join(sandbox.folder, name), 'utf8')
      assert.equal(await read('after'), await read('before'))
    }
    for (const end of ['SIGTERM', 'daemon'] as const) {
      await using at = programAtTerminal(sandbox, 'sh', ['-c', line, process.execPath, bin])
      await at.shows('up')
      if (end === 'daemon') await sandbox.killDaemon()
      else for (const pid of await clientsIn(sandbox)) process.kill(pid, 'SIGTERM')
      await at.shows(end === 'daemon' ? 'code 7' : 'code 143')
      assert.equal(await at.ended, 0)
      await same()
      await until(async () => (await sessionsIn(sandbox)).length === 0, 'the command has ended')
    }
  })

  it('gives the first Ctrl-C to a command without a terminal, and ends it at the second', async () => {
    await using sandbox = await started()
    const begin = async (script: string) => {
      const child = spawn(process.execPath, [bin, 'exec', 'api', 'sh', '-c', script], {
        cwd: sandbox.folder,
        env: sandbox.env,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let text = ''
      child.stdout.on('data', (data: Buffer) => {
        text += data.toString()
      })
      const code = new Promise<number | null>((resolve) => child.once('exit', resolve))
      await until(() => text.includes('ready'), 'it is ready')
      return {child, code, text: () => text}
    }
    const polite = await begin(`trap 'echo bye; exit 9' INT; echo ready; while :; do sleep 0.05; done`)
    polite.child.kill('SIGINT')
    assert.equal(await polite.code, 9)
    assert.match(polite.text(), /bye/)
    const deaf = await begin(`trap 'echo heard' INT; echo ready; while :; do sleep 0.05; done`)
    deaf.child.kill('SIGINT')
    await until(() => deaf.text().includes('heard'), 'it has heard')
    deaf.child.kill('SIGINT')
    assert.equal(await deaf.code, 130)
    await until(async () => (await sessionsIn(sandbox)).length === 0, 'the command has ended')
  })
})
