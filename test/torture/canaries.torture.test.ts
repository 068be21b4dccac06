import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {statePaths} from '../../src/core/base/state-directory.js'
import {connect} from '../../src/core/client/api/connect.js'
import type {RegisteredService} from '../../src/core/contract/registry.js'
import {Sandbox, until} from '../support/harness.js'
import {measured, size} from './support/sizes.js'

/** In a place for each kind of sign that JSON, URLs, YAML, shells and regular expressions write in another way. */
const decorations: readonly ((canary: string) => string)[] = [
  (canary) => canary,
  (canary) => `${canary}"quoted"`,
  (canary) => `${canary}/with?parts&of=urls#`,
  (canary) => `${canary} with spaces`,
  (canary) => `${canary}$HOME\${x}%41`,
  (canary) => `${canary}\\back\\slashes`,
  (canary) => `${canary}.*+(regular)[^`,
  (canary) => `${canary}: {yaml: [1]}`,
  (canary) => `${canary}äß✓😀`,
  (canary) => `-----BEGIN KEY-----\n${canary}\n${reversed(canary)}\n-----END KEY-----`,
]

function reversed(text: string): string {
  return Array.from(text).reverse().join('')
}

interface Canary {
  readonly name: string
  /** What is looked for: no spelling of the value changes them. */
  readonly marks: readonly string[]
  readonly value: string
  readonly from: 'command' | 'env' | 'file'
}

function canaries(): readonly Canary[] {
  return (['env', 'file', 'command'] as const).flatMap((from) =>
    decorations.map((decorate, index) => {
      const mark = `canary${randomBytes(8).toString('hex')}`
      const value = decorate(mark)
      const marks = [mark, reversed(mark)].filter((each) => value.includes(each))
      return {name: `${from.toUpperCase()}_${index}`, marks, value, from}
    }),
  )
}

/** Prints its environment in several ways, and has it in a file for the test. */
const talker = `
const secrets = Object.fromEntries(Object.entries(process.env).filter(([name]) => /^[A-Z]+_[0-9]$|^URL$/.test(name)))
console.log(JSON.stringify(secrets))
for (const value of Object.values(secrets)) { console.log('plain', value); console.error('encoded', encodeURIComponent(value)) }
if (process.argv[2] === 'write') require('node:fs').writeFileSync('seen.json', JSON.stringify(secrets))
if (process.argv[2] === 'die') process.exit(3)
if (process.argv[2] === 'output') require('node:fs').writeFileSync(process.env.HARNESS_OUTPUT, 'OUT=' + secrets.ENV_0 + '\\n')
else setInterval(() => {}, 1000)
`

function stackOf(all: readonly Canary[]): object {
  const source = ({name, from}: Canary): object =>
    from === 'env'
      ? {env: `SOURCE_${name}`}
      : from === 'file'
        ? {file: `${name}.secret`}
        : {command: ['cat', `${name}.secret`]}
  const env = Object.fromEntries(all.map(({name}) => [name, `\${secret.${name}}`]))
  const url = 'http://user:${secret.ENV_0}@127.0.0.1:9/${secret.FILE_3}'
  const program = (what: string): object => ({
    type: 'process',
    binary: process.execPath,
    args: ['talker.cjs', what],
    env: {...env, URL: url},
  })
  return {
    name: 'vault',
    secrets: Object.fromEntries(all.map((each) => [each.name, source(each)])),
    settings: {startup_timeout: '3s'},
    services: {
      api: program('write'),
      dies: program('die'),
      sick: {
        ...program('wait'),
        health_check: {http: {url, headers: {Authorization: 'Bearer ${secret.COMMAND_2}'}}, interval: '1s'},
      },
      bystander: {type: 'process', binary: 'sleep', args: ['600']},
    },
    tasks: {
      tell: {
        task_type: 'command',
        target: {type: 'process', binary: process.execPath, args: ['talker.cjs', 'output']},
        env,
      },
      fail: {
        task_type: 'command',
        target: {type: 'process', binary: process.execPath, args: ['talker.cjs', 'die']},
        env,
      },
    },
  }
}

/** A place where a canary was found, in a form that a test can print. */
function foundIn(what: string, text: string, all: readonly Canary[]): readonly string[] {
  return all.flatMap(({name, marks}) =>
    marks.flatMap((mark) => {
      const at = text.indexOf(mark)
      return at < 0 ? [] : [`${name} in ${what}: ${JSON.stringify(text.slice(Math.max(0, at - 60), at + 60))}`]
    }),
  )
}

async function processOf(pid: number): Promise<{readonly cmdline: string; readonly environ: string}> {
  const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
  const [cmdline, environ] = await Promise.all([read('cmdline'), read('environ')])
  return {cmdline: cmdline.replaceAll('\0', ' '), environ}
}

const commands: readonly (readonly string[])[] = [
  ['status', '--json'],
  ['status', '--detailed'],
  ['logs', '--tail', 'all'],
  ['logs', '--tail', 'all', '--json'],
  ['logs', '--tail', 'all', '--raw'],
  ['info', 'api', '--json'],
  ['info', 'dies'],
  ['health', '--json'],
  ['env', 'api'],
  ['env', 'api', '--export'],
  ['env', 'get'],
  ['config', '--origin'],
  ['validate', '--json'],
  ['deps'],
  ['task', 'list', '--json'],
  ['task', 'run', 'tell', '--json'],
  ['task', 'run', 'tell'],
  ['task', 'run', 'fail'],
  ['task', 'run', 'fail', '--json'],
  ['registry', 'list', '--json'],
  ['registry', 'get', 'api', '--json'],
  ['registry', 'topology', '--json'],
  ['ls', '--json'],
  ['types', '--json'],
  ['action', 'list', '--json'],
  ['doctor'],
  ['debug', 'census', '--json'],
  ['daemon', 'status', '--json'],
  ['daemon', 'metrics'],
  ['daemon', 'logs'],
  ['restart', 'dies'],
  ['start', 'sick', '--json'],
  ['exec', 'api', 'no-such-program'],
  ['logs', '--grep', '('],
]

describe('30 canaries and the token (S5, S6)', function () {
  this.timeout(300_000)

  it('are nowhere but in the environment of those who asked for them', async () => {
    const all = canaries()
    assert.equal(all.length, 30)
    await using sandbox = await Sandbox.make()
    await sandbox.write(JSON.stringify(stackOf(all)))
    await sandbox.write(talker, 'talker.cjs')
    for (const {name, value, from} of all) {
      if (from !== 'env') await writeFile(path.join(sandbox.folder, `${name}.secret`), `${value}\n`, {mode: 0o600})
    }
    const sources = Object.fromEntries(
      all.flatMap(({name, value, from}) => (from === 'env' ? [[`SOURCE_${name}`, value]] : [])),
    )
    // The daemon was there before: what it inherits is not what this is about.
    assert.equal((await sandbox.run('daemon', 'start')).code, 0)
    const token = (await readFile(statePaths(sandbox.state).token, 'utf8')).trim()
    const looked: Canary[] = [...all, {name: 'token', marks: [token], value: token, from: 'file'}]
    await using client = await connect({stateDirectory: sandbox.state})
    const heard: string[] = []
    const events = client.events({snapshot: true})
    const hearing = (async () => {
      for await (const event of events) heard.push(JSON.stringify(event))
    })()
    await events.ready

    const found: string[] = []
    let outputs = 0
    const look = async (...args: readonly string[]): Promise<void> => {
      const {stdout, stderr} = await sandbox.run(...args)
      outputs += 1
      found.push(...foundIn(`harness ${args.join(' ')}`, stdout + stderr, looked))
    }
    sandbox.variables = sources
    await look('start', 'api', 'bystander')
    await look('start', 'dies')
    await look('start', 'sick')
    const seen = path.join(sandbox.folder, 'seen.json')
    await until(() => readFile(seen, 'utf8').then(Boolean, () => false), 'the service has them')
    const had = JSON.parse(await readFile(seen, 'utf8')) as Record<string, string>
    for (const {name, value} of all) assert.equal(had[name], value, name)

    const {services} = await sandbox.json<{readonly services: readonly RegisteredService[]}>('registry', 'list')
    const asked = services.filter(({service}) => service !== 'bystander').flatMap(({attempts}) => attempts)
    let foreign = 0
    const pids = new Set([...(await sandbox.processes()), ...services.flatMap(({pid}) => (pid === null ? [] : [pid]))])
    for (const pid of pids) {
      const {cmdline, environ} = await processOf(pid)
      found.push(...foundIn(`the command line of ${cmdline}`, cmdline, looked))
      // A shim has what it gives to its program.
      if (asked.some(({instance}) => environ.includes(`HARNESS_INSTANCE=${instance}`))) continue
      foreign += 1
      found.push(...foundIn(`the environment of ${cmdline}`, environ, looked))
    }
    assert.ok(foreign >= 2, 'the daemon and the bystander')
    const every = size({quick: 4, full: 1})
    for (const args of commands.filter((_, index) => index % every === 0)) await look(...args)
    sandbox.variables = {}
    // What was not given is named, and nothing else of it is.
    await look('stop')
    await look('start', 'api')
    await events.return()
    await hearing
    found.push(...foundIn('the events', heard.join('\n'), looked))
    found.push(...foundIn('the log of the daemon', await readFile(statePaths(sandbox.state).log, 'utf8'), looked))
    measured('looked at', `${outputs} outputs, ${heard.length} events`)
    assert.deepEqual(found, [])
  })
})
