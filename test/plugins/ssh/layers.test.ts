import assert from 'node:assert/strict'
import {randomInt} from 'node:crypto'
import {readdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {after, before, describe, it} from 'mocha'
import {dockerLayer} from '../../../plugins/docker/src/docker-layer.js'
import {sshLayer} from '../../../plugins/ssh/src/ssh-layer.js'
import {localLayer} from '../../../src/core/command/local-layer.js'
import {shellText} from '../../../src/core/command/shell-text.js'
import {wrapAll} from '../../../src/core/command/wrap.js'
import type {CommandSpec} from '../../../src/core/contract/command.js'
import type {Layer, LayerUse} from '../../../src/core/contract/layer.js'
import type {ExecResult} from '../../../src/core/contract/workload.js'
import {runCommand} from '../../../src/core/process/run-command.js'
import {temporaryFolder} from '../../core/process/temporary.js'
import {freePort} from '../../support/free-port.js'
import {until} from '../../support/harness.js'
import {needs} from '../../support/needs.js'
import {seededRandom} from '../../support/seeded-random.js'
import {hasSshd, startSshd, type Sshd} from '../../support/sshd.js'
import {withEngine} from '../docker/with-engine.js'

const layers: readonly Layer[] = [localLayer, dockerLayer(shellText), sshLayer(shellText)] as readonly Layer[]
const find = (kind: string): Layer | undefined => layers.find((layer) => layer.kind === kind)

/** A word of what means something to shells, to programs that read options, and to those who count bytes and not characters. */
const pieces = [
  ...[
    "'",
    '"',
    '\\',
    '`',
    '$',
    '$(id)',
    '${HOME}',
    '!',
    '*',
    '?',
    '[a]',
    '~',
    '#',
    '&',
    ';',
    '|',
    '<',
    '>',
    '(',
    ')',
    '{',
    '}',
  ],
  ...[
    ' ',
    '  ',
    '\t',
    '\n',
    '\r',
    '\r\n',
    '\u0001',
    '\u001B[0m',
    '\u007F',
    '%s',
    '%n',
    '=',
    ',',
    ':',
    '\\n',
    '\\0',
    "'\\''",
  ],
  ...[
    '-',
    '--',
    '-n',
    '--help',
    '.',
    '..',
    '/',
    'a',
    'Z',
    '0',
    'word',
    'é',
    'ß',
    '\u0081',
    '\u0088',
    'ÿ',
    '中',
    '🦊',
    '\u200B',
    '\u2028',
    '\uFEFF',
  ],
]

function hostileWords(seed: number, count: number): readonly string[] {
  const random = seededRandom(seed)
  const pick = (): string => pieces[Math.floor(random() * pieces.length)] ?? ''
  return Array.from({length: count}, () => Array.from({length: Math.floor(random() * 9)}, pick).join(''))
}

describe('a command in layers', function () {
  this.timeout(120_000)
  const engine = withEngine()
  const servers: Sshd[] = []
  let ways: ReadonlyMap<string, readonly LayerUse[]>
  let container = ''

  before(async function () {
    needs(this, hasSshd(), 'sshd, as root')
    container = await engine().docker('run', '--detach', '--init', 'busybox:local', 'sleep', '600')
    const hop = async (): Promise<LayerUse> => {
      const port = await freePort()
      const server = await startSshd({port})
      servers.push(server)
      return {type: 'ssh', spec: {host: '127.0.0.1', user: 'root', port, config: server.config}}
    }
    const [bastion, inner] = [await hop(), await hop()]
    const local = {type: 'local', spec: {env: {DOCKER_HOST: engine().host}}}
    const docker = {type: 'docker', spec: {container}}
    ways = new Map([
      ['local', [local]],
      ['ssh', [bastion]],
      ['docker', [local, docker]],
      ['ssh → ssh → docker', [bastion, inner, local, docker]],
    ])
  })

  after(() => {
    for (const server of servers) server[Symbol.dispose]()
  })

  /** Runs it to its end, with what this machine's own clients need. */
  async function run(way: string, command: Partial<CommandSpec>): Promise<ExecResult> {
    const {PATH = '', HOME = ''} = process.env
    const wrapped = wrapAll({program: 'true', args: [], env: {}, ...command}, ways.get(way) ?? [], find)
    return await runCommand({...wrapped, env: {PATH, HOME, ...wrapped.env}}, AbortSignal.timeout(60_000))
  }

  for (const way of ['local', 'ssh', 'docker', 'ssh → ssh → docker']) {
    it(`gets 1,000 arguments as they were, byte for byte, by ${way}`, async () => {
      const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31))
      console.log(`      SEED=${seed}`)
      const words = hostileWords(seed, 1000)
      for (let from = 0; from < words.length; from += 250) {
        const args = words.slice(from, from + 250)
        const {status, stdout, stderr} = await run(way, {program: 'printf', args: [String.raw`%s\0`, ...args]})
        assert.deepEqual([status, stderr], [{by: 'code', code: 0}, ''])
        assert.deepEqual(stdout.split('\0').slice(0, -1), args)
      }
    })
  }

  for (const way of ['ssh', 'docker', 'ssh → ssh → docker']) {
    it(`ends where it runs when its client is ended, by ${way}`, async () => {
      const mark = `MARK=${String(randomInt(2 ** 40))}`
      const {PATH = '', HOME = ''} = process.env
      const script = 'trap "" TERM; sleep 1000; sleep 1000'
      const wrapped = wrapAll(
        {program: 'sh', args: ['-c', script], env: {MARK: mark.slice(5)}, graceMs: 1000},
        ways.get(way) ?? [],
        find,
      )
      const over = new AbortController()
      const running = runCommand({...wrapped, env: {PATH, HOME, ...wrapped.env}}, over.signal)
      const isThere = async (): Promise<boolean> => (await processesRunning('sleep\0' + '1000', mark)).length > 0
      await until(isThere, 'it runs')
      over.abort(new Error('enough'))
      await assert.rejects(running, /enough/)
      await until(async () => !(await isThere()), 'it has ended')
    })
  }

  for (const way of ['ssh', 'docker', 'ssh → ssh → docker']) {
    it(`has its variables, its folder, its input and its exit code by ${way}`, async () => {
      const env = {
        ...{
          PATH: '/opt/own:/usr/bin:/bin',
          HOME: '/srv',
          IFS: 'x',
          EMPTY: '',

          HARNESS_EXEC_HOME: 'twin',
        },
        ...{TEXT: ' a \'b\' "c" $HOME `id` \\two\nlines\n', UNICODE: 'é中🦊\u0081\u0088'},
      }
      const text = `${hostileWords(7, 200).join('\n')}no line end`
      const printed = await run(way, {program: 'env', env, cwd: '/tmp', args: ['-0']})
      const lines = printed.stdout
        .split('\0')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const)
      const found = new Map(lines)
      for (const [name, value] of Object.entries(env)) assert.equal(found.get(name), value, name)
      const script = 'pwd; cat; exit 7'
      const {status, stdout, stderr} = await run(way, {program: 'sh', args: ['-c', script], cwd: '/tmp', stdin: {text}})
      assert.deepEqual([status, stdout, stderr], [{by: 'code', code: 7}, `/tmp\n${text}`, ''])
    })

    it(`has an empty input where it was given none by ${way}`, async () => {
      const {status, stdout} = await run(way, {program: 'sh', args: ['-c', 'cat; echo "$?"']})
      assert.deepEqual([status, stdout], [{by: 'code', code: 0}, '0\n'])
    })
  }

  it('comes by a machine that only passes the connection on, whatever the files are called', async () => {
    const [bastion, inner] = servers
    assert.ok(bastion && inner)
    using folder = temporaryFolder()
    const config = path.join(folder.path, "it's 100%h")
    const known = [bastion, inner].map(({knownHosts}) => knownHosts).join(' ')
    await writeFile(config, `IdentitiesOnly yes\nIdentityFile ${bastion.key}\nUserKnownHostsFile ${known}\n`)
    const spec = {host: '127.0.0.1', user: 'root', port: inner.port, key: inner.key, config}
    const wrapped = wrapAll(
      {program: 'printf', args: ['%s', "it's here"], env: {}},
      [{type: 'ssh', spec: {...spec, jump: `root@127.0.0.1:${bastion.port}`}}],
      find,
    )
    const passed = bastion.said().split('Accepted publickey').length
    const {PATH = '', HOME = ''} = process.env
    const {status, stdout, stderr} = await runCommand(
      {...wrapped, env: {PATH, HOME, ...wrapped.env}},
      AbortSignal.timeout(60_000),
    )
    assert.deepEqual([status, stdout, stderr], [{by: 'code', code: 0}, "it's here", ''])
    assert.equal(bastion.said().split('Accepted publickey').length, passed + 1)
  })
})

/** Processes with this command line and this variable. */
async function processesRunning(command: string, variable: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const all = await Promise.all(
    pids.map(async (pid) => {
      const [line, env] = await Promise.all(
        ['cmdline', 'environ'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
      )
      return line?.includes(command) && env?.includes(variable) ? [pid] : []
    }),
  )
  return all.flat()
}
