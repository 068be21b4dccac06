import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {after, before, describe, it} from 'mocha'

const bin = path.resolve(import.meta.dirname, '../../bin/run.js')

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs what was built, as a user does, in a folder without a stack file and with an empty state directory. */
function harness(directory: string, ...args: readonly string[]): Promise<Ended> {
  const env = {...process.env, HARNESS_STATE_DIR: path.join(directory, 'state'), NO_COLOR: '1'}
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [bin, ...args],
      {cwd: directory === '/dev/null' ? '/' : directory, env},
      (error, stdout, stderr) => {
        resolve({code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr})
      },
    )
  })
}

describe('the command line, without a daemon', () => {
  let directory = ''
  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'harness-cli-'))
    const broken = 'services:\n  api:\n    type: process\n    binary: node\n    dependencies: [dbb]\n'
    await writeFile(path.join(directory, 'broken.yaml'), broken)
  })
  after(async () => {
    await rm(directory, {recursive: true})
  })

  it('says that nothing runs, starts nothing for it, and is content', async () => {
    const [status, stop, daemon] = await Promise.all([
      harness(directory, 'status'),
      harness(directory, 'down'),
      harness(directory, 'daemon', 'status', '--json'),
    ])
    assert.deepEqual([status.code, stop.code, daemon.code], [0, 0, 0])
    assert.match(status.stdout, /^Nothing is running\./)
    assert.equal(stop.stdout, 'Nothing is running.\n')
    assert.deepEqual((JSON.parse(daemon.stdout) as {running: boolean}).running, false)
    const still = await harness(directory, 'ps', '--json')
    assert.deepEqual(JSON.parse(still.stdout), {stack: null, name: null, file: null, services: [], tasks: []})
    assert.equal(still.stderr, '')
  })

  it('says that a named stack file is not there, and that a state directory cannot be used', async () => {
    const [status, stop, tasks] = await Promise.all([
      harness(directory, 'status', '-c', 'typo.yaml'),
      harness(directory, 'stop', '-c', 'typo.yaml'),
      harness(directory, 'task', 'list', '-c', 'typo.yaml'),
    ])
    assert.deepEqual([status.code, stop.code, tasks.code], [3, 3, 3])
    assert.match(stop.stderr, /^Error: No stack file was found at '.*typo\.yaml'\.\n/)
    const unusable = await harness('/dev/null', 'status')
    assert.equal(unusable.code, 5)
    assert.match(
      unusable.stderr,
      /^Error: harness cannot use '\/dev\/null\/state.*a part of its path is not a directory\.\n.*export HARNESS_STATE_DIR/,
    )
  })

  it('answers wrong usage with 2, on standard error or as JSON', async () => {
    const [flag, command, json] = await Promise.all([
      harness(directory, 'start', '--nope'),
      harness(directory, 'strat'),
      harness(directory, 'logs', '--tail', 'many', '--json'),
    ])
    assert.equal(flag.code, 2)
    assert.match(flag.stderr, /Error: Nonexistent flag: --nope\n/)
    assert.equal(flag.stdout, '')
    assert.equal(command.code, 2)
    assert.equal(
      command.stderr,
      "Error: 'strat' is not a command. Did you mean 'start'?\n  Run `harness help` to see the commands.\n",
    )
    const mistyped = await harness(directory, 'statsu', '--json')
    assert.equal(mistyped.code, 2)
    assert.match(mistyped.stdout, /"message": "'statsu' is not a command\. Did you mean 'status'\?"/)
    assert.equal(mistyped.stderr, '')
    assert.equal(json.code, 2)
    assert.equal((JSON.parse(json.stdout) as {error: {code: string}}).error.code, 'USAGE')
    assert.equal(json.stderr, '')
  })

  it('answers a missing or broken stack file with 3, before it starts a daemon', async () => {
    const [missing, broken, running] = await Promise.all([
      harness(directory, 'start'),
      harness(directory, 'start', '-c', 'broken.yaml'),
      harness(directory, 'validate', '-c', 'nowhere.yaml', '--json'),
    ])
    assert.equal(missing.code, 3)
    assert.match(missing.stderr, /^Error: No stack file was found at /)
    assert.equal(broken.code, 3)
    assert.match(broken.stderr, /broken\.yaml:5:20 .*CONFIG_UNKNOWN_DEPENDENCY/)
    assert.doesNotMatch(broken.stderr, /\n\s+at /)
    assert.equal(running.code, 3)
    assert.match(running.stdout, /"code": "CONFIG_NOT_FOUND"/)
    const daemon = await harness(directory, 'daemon', 'status')
    assert.match(daemon.stdout, /^No daemon is running/)
  })

  it('prints help', async () => {
    const help = await harness(directory, 'start', '--help')
    assert.equal(help.code, 0)
    assert.match(help.stdout, /Start services with what they depend on\./)
    assert.match(help.stdout, /-c, --config=FILE/)
  })
})
