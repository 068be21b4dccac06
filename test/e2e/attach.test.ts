import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {bin, Sandbox, until, type Ran} from '../support/harness.js'
import {programAtTerminal} from '../support/pty.js'

const script = `printf "name? "; while read -r x; do echo "hello $$x"; printf "name? "; [ "$$x" != quit ] || exit 3; done; echo over`
const stackFile = `name: attach
services:
  repl: {type: process, binary: sh, stdin: true, args: [-c, '${script}']}
  deaf: {type: process, binary: sh, args: [-c, 'echo said; exec sleep 600']}
`

async function started(): Promise<Sandbox> {
  const sandbox = await Sandbox.make()
  await sandbox.write(stackFile)
  const {code, stderr} = await sandbox.run('start')
  assert.equal(code, 0, stderr)
  return sandbox
}

function pipe(sandbox: Sandbox, text: string, ...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const options = {cwd: sandbox.folder, env: sandbox.env}
    const child = execFile(process.execPath, [bin, ...args], options, (error, stdout, stderr) => {
      resolve({code: error ? Number(error.code) : 0, stdout, stderr})
    })
    child.stdin?.end(text)
  })
}

describe('harness attach', function () {
  this.timeout(60_000)

  it('hands over what is piped, to a service that outlives the daemon and never sees the end of its input', async () => {
    await using sandbox = await started()
    const sent = await pipe(sandbox, 'one\n', 'attach', 'repl')
    assert.equal(sent.code, 0, sent.stderr)
    const logged = (text: string) => async () => (await sandbox.run('logs', 'repl')).stdout.includes(text)
    await until(logged('hello one'), 'the first line was read')
    await sandbox.killDaemon()
    assert.equal((await pipe(sandbox, 'two\n', 'attach', 'repl')).code, 0)
    await until(logged('hello two'), 'the second line was read')
    assert.equal((await sandbox.run('logs', 'repl')).stdout.includes('over'), false)
    const refused = await pipe(sandbox, 'x\n', 'attach', 'deaf')
    assert.equal(refused.code, 4)
    assert.match(refused.stderr, /Service 'deaf' has no standard input .*\n {2}Add `stdin: true`/)
  })

  it('at a terminal, shows lines as they are typed, leaves with Ctrl-P Ctrl-Q, and leaves the terminal as it was', async () => {
    await using sandbox = await started()
    const line = `stty -a > before; "$0" "$1" attach "$2"; echo "code $?"; stty -a > after`
    const attach = (service: string) => programAtTerminal(sandbox, 'sh', ['-c', line, process.execPath, bin, service])
    const same = async (): Promise<void> => {
      const read = (name: string) => readFile(path.join(sandbox.folder, name), 'utf8')
      assert.equal(await read('after'), await read('before'))
    }
    await using at = attach('repl')
    await at.shows('Ctrl-P Ctrl-Q leaves it')
    await at.shows('name? ')
    at.pty.write('amy\x7fn\r')
    await at.shows('hello amn')
    at.pty.write('\x10\x11')
    await at.shows(`Left 'repl', which runs on.`)
    await at.shows('code 0')
    await at.ended
    await same()
    await using again = attach('repl')
    await again.shows('name? ')
    again.pty.write('quit\r')
    await again.shows(`'repl' has ended: exit 3.`)
    await again.shows('code 3')
    await again.ended
    await same()
    await using deaf = attach('deaf')
    await deaf.shows(`'deaf' has no standard input`)
    await deaf.shows('said')
    deaf.pty.write('\x03')
    await deaf.shows('code 0')
    await deaf.ended
    await same()
  })
})
