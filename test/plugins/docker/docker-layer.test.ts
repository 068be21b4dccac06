import assert from 'node:assert/strict'
import {execFile, spawnSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {promisify} from 'node:util'
import {describe, it} from 'mocha'
import type {CommandSpec} from '../../../src/core/contract/command.js'
import {dockerLayer as makeLayer} from '../../../plugins/docker/src/docker-layer.js'
import {shellText} from '../../../src/core/command/shell-text.js'
import {temporaryFolder} from '../../core/process/temporary.js'
import {withEngine} from './with-engine.js'

const dockerLayer = makeLayer(shellText)
const run = promisify(execFile)
const wrapped = (command: Partial<CommandSpec>, container = 'db'): CommandSpec =>
  dockerLayer.wrap({program: 'psql', args: [], env: {}, ...command}, {container})

/** What a shell sets of itself. */
const ofShells = ['PWD', 'OLDPWD', 'SHLVL', '_']

/** Each means something to `docker`, to a shell, or to those who carry them. */
const hostile = {
  ...{
    PATH: '/opt/own:/bin',
    HOME: '/srv',
    DOCKER_HOST: 'tcp://nowhere:1',
    DOCKER_CONTEXT: 'none',
    DOCKER_CONFIG: '/none',
  },
  ...{TEXT: 'a \'b\' "c" $HOME `id`\n\\two', EMPTY: '', IFS: 'x', HARNESS_EXEC_HOME: 'twin'},
}

describe('a command that is run in a container', () => {
  it('is handed on as it is, without a shell, where it has no variables', () => {
    const args = ['-c', 'select $1', '', "it's"]
    assert.deepEqual(wrapped({args}), {program: 'docker', args: ['exec', 'db', 'psql', ...args], env: {}})
  })

  it('is in its folder, and has its standard input', () => {
    assert.deepEqual(wrapped({cwd: '/a b'}).args, ['exec', '--workdir', '/a b', 'db', 'psql'])
    for (const stdin of ['open', {text: 'hello'}] as const) {
      const command = wrapped({stdin})
      assert.deepEqual([command.args, command.stdin], [['exec', '--interactive', 'db', 'psql'], stdin])
    }
  })

  it('has none of its values in a command line, and none of its names in the environment of `docker`', () => {
    const {args, env} = wrapped({env: hostile})
    for (const value of Object.values(hostile).filter((each) => each.length > 1)) {
      assert.ok(!args.some((arg) => arg.includes(value)), value)
    }
    for (const name of Object.keys(env)) assert.match(name, /^HARNESS_EXEC_/)
  })

  it('has names that no shell knows as they are, and needs no shell for them alone', () => {
    const {args, env} = wrapped({env: {'with.dot': 'dotted'}})
    assert.deepEqual([args, env], [['exec', '--env', 'with.dot', 'db', 'psql'], {'with.dot': 'dotted'}])
  })

  it('gets its variables back under their names, also through two containers', () => {
    for (const times of [1, 2]) {
      const inner: CommandSpec = {program: '/usr/bin/env', args: ['-0'], env: hostile}
      const layers = Array.from({length: times}, (_, index) => ({container: `c${index}`}))
      const outer = layers.reduce<CommandSpec>((command, spec) => dockerLayer.wrap(command, spec), inner)
      const printed = Object.entries(printedBy(outer)).filter(([name]) => !ofShells.includes(name))
      assert.deepEqual(Object.fromEntries(printed), hostile)
    }
  })

  it('is told of in one line', () => {
    assert.equal(dockerLayer.describe({container: 'db'}), 'docker exec db')
  })

  describe('of an engine', function () {
    this.timeout(60_000)
    const engine = withEngine()

    it('has its variables, its folder and its input there, and ends as it ends', async () => {
      const id = await engine().docker('run', '--detach', '--init', 'busybox:local', 'sleep', '600')
      const script = 'echo "$PATH|$HOME|$DOCKER_HOST|$TEXT|$HARNESS_EXEC_HOME|$(/bin/pwd)|$(/bin/cat)"; exit 3'
      const command = {program: '/bin/sh', args: ['-c', script], env: hostile, cwd: '/tmp', stdin: {text: 'typed'}}
      const {program, args, env} = dockerLayer.wrap(command, {container: id})
      const variables = {...env, PATH: process.env['PATH'], DOCKER_HOST: engine().host}
      const running = run(program, [...args], {env: variables})
      running.child.stdin?.end('typed')
      const {PATH, HOME, DOCKER_HOST, TEXT} = hostile
      await assert.rejects(running, {code: 3, stdout: `${PATH}|${HOME}|${DOCKER_HOST}|${TEXT}|twin|/tmp|typed\n`})
    })
  })
})

/** Runs what comes after the name of the container with the variables that are named, and a PATH that is the container's own. */
const fakeDocker = `#!${process.execPath}
const [, ...args] = process.argv.slice(2)
const env = {PATH: process.env.PATH}
while (args[0] === '--env') env[args[1]] = process.env[args.splice(0, 2)[1]]
const [program, ...rest] = args.slice(1)
process.exit(require('node:child_process').spawnSync(program, rest, {env, stdio: 'inherit'}).status)
`

/** The environment in which a command that prints it is run, by a `docker` that has no engine. */
function printedBy({program, args, env}: CommandSpec): Record<string, string> {
  using folder = temporaryFolder()
  writeFileSync(path.join(folder.path, 'docker'), fakeDocker, {mode: 0o755})
  const own = {PATH: `${folder.path}:${process.env['PATH'] ?? ''}`}
  const {stdout} = spawnSync(program, args, {env: {...env, ...own}, encoding: 'utf8'})
  const lines = stdout.split('\0').filter(Boolean)
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}
