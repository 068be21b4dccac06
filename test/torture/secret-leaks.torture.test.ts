import assert from 'node:assert/strict'
import {readFile, writeFile} from 'node:fs/promises'
import {request} from 'node:http'
import path from 'node:path'
import {text} from 'node:stream/consumers'
import {describe, it} from 'mocha'
import {newId} from '../../src/core/base/ids.js'
import {statePaths} from '../../src/core/base/state-directory.js'
import {Sandbox, until} from '../support/harness.js'
import {makeCanaries, Sweep, type Canary} from './support/canaries.js'
import {openClient} from './support/daemon.js'
import {findRealDaemon} from './support/real-daemon.js'
import {measured, size} from './support/sizes.js'

const canaries = makeCanaries(Array.from({length: size({quick: 8, full: 30})}, (_, index) => `S${index}`))
const sources = ['env', 'dotenv', 'file', 'command'] as const
const sourceOf = (index: number): (typeof sources)[number] => sources[index % sources.length]!
/** Marks in their environment those who get values by right. */
const entitled = {ENTITLED: 'yes'}
/** Names that the protocol has for other things as well. */
const names = ['PASSWORD', 'name', 'code', 'state', 'type', 'file', 'kind', 'service', 'URL']

describe(`${canaries.length} secrets (S5, S6)`, function () {
  this.timeout(300_000)

  it('stand nowhere but in the state directory and in the environments that they are for', async () => {
    await using sandbox = await Sandbox.make()
    const values = await writeSources(sandbox)
    await sandbox.write(JSON.stringify(stackOf()))
    sandbox.variables = values
    const said: string[] = []
    const run = async (...args: readonly string[]): Promise<void> => {
      const {code, stdout, stderr} = await sandbox.run(...args)
      said.push(`${args.join(' ')} (exit ${code})\n${stdout}\n${stderr}`)
    }
    await run('validate', '--strict')
    await run('start', '--dry-run', '--json')
    // The daemon is started on the way, by a command that has some of them in its environment.
    await run('start', 'user', 'bystander')
    sandbox.variables = {}
    const daemon = await findRealDaemon(sandbox)
    const sweep = new Sweep(canaries, daemon.identity.token)
    await using client = await openClient(sandbox)
    const heard: unknown[] = []
    using _events = client.onEvent((event) => heard.push(event))
    await client.call('events.subscribe', {topics: [], snapshot: true})

    sandbox.variables = values
    for (const args of [['start'], ['start', '--json'], ['restart', 'user'], ['apply', '--json']]) await run(...args)
    for (const index of canaries.keys()) await run('task', 'run', `task-${index}`, ...(index % 2 ? ['--json'] : []))
    sandbox.variables = {}
    await until(
      async () => (await sandbox.run('logs', 'user', '--tail', 'all')).stdout.includes('all is said'),
      'the service has printed them',
    )
    const asked = [...questions.flatMap((args) => [args, [...args, '--json']]), ...plainQuestions]
    const step = size({quick: 5, full: 1})
    for (const args of asked.filter((_, index) => index % step === 0)) await run(...args)
    const {stack} = (await client.call('stack.list', {})).stacks[0]!
    for (const {value} of canaries) said.push(await refusals(client, stack, value))
    said.push(await metricsOf(sandbox, daemon.identity.token))

    const processes = await sweep.lookAtProcesses((environ) => environ.includes('ENTITLED=yes'))
    for (const text of said) sweep.look(text.split('\n', 1)[0] ?? '', text)
    sweep.look('the events', heard.map((event) => JSON.stringify(event)).join('\n'))
    assert.ok(heard.length > 20, `${heard.length} events`)
    sweep.assertNothing()
    const holding = await sweep.lookAtFiles(sandbox.state, (file) => mayHold.test(file))
    // That nothing was found would mean nothing if they were not there.
    assert.ok(holding > canaries.length, `${holding} files hold some`)
    measured(
      'looked at',
      `${said.length} outputs, ${heard.length} events, ${processes} processes, ${sweep.count} in all`,
    )

    // Another daemon knows what those that run are not to be known by.
    await sandbox.killDaemon()
    const later: string[] = []
    for (const args of [
      ['status', '--json'],
      ['logs', '--tail', 'all'],
      ['info', 'user', '--json'],
      ['daemon', 'logs'],
    ]) {
      const {stdout, stderr} = await sandbox.run(...args)
      later.push(stdout + stderr)
    }
    for (const text of later) sweep.look('after a death of the daemon', text)
    assert.match(later[1]!, /\*\*\*/)
    await sweep.lookAtProcesses((environ) => environ.includes('ENTITLED=yes'))

    // Who gives none is told which is missing.
    await sandbox.run('stop')
    const {code, stderr} = await sandbox.run('start', 'user', '-c', path.join(sandbox.folder, 'harness.yaml'))
    assert.notEqual(code, 0)
    sweep.look('a start without them', stderr)
    sweep.assertNothing()
  })

  it('reach those whom they are for as they are', async () => {
    await using sandbox = await Sandbox.make()
    sandbox.variables = await writeSources(sandbox)
    const seen = path.join(sandbox.folder, 'seen')
    await sandbox.write(
      JSON.stringify({
        secrets: secretsOf(),
        services: {
          user: {
            type: 'process',
            binary: 'node',
            args: [
              '-e',
              `require('fs').writeFileSync(${JSON.stringify(seen)}, JSON.stringify(process.env)); setInterval(() => {}, 1000)`,
            ],
            env: Object.fromEntries(canaries.map(({name}) => [`V_${name}`, `\${secret.${name}}`])),
          },
        },
      }),
    )
    const {code, stderr} = await sandbox.run('start')
    assert.equal(code, 0, stderr)
    await until(async () => (await readFile(seen, 'utf8').catch(() => '')) !== '', 'it has its environment')
    const env = JSON.parse(await readFile(seen, 'utf8')) as Record<string, string>
    for (const [index, {name, value}] of canaries.entries()) {
      assert.equal(env[`V_${name}`], value, name)
      // By its reference, and not by inheritance.
      if (sourceOf(index) === 'env' || sourceOf(index) === 'dotenv') assert.equal(env[name], undefined, name)
    }
  })

  it('written where only their origin belongs are told without their value', async () => {
    await using sandbox = await Sandbox.make()
    const sweep = new Sweep(canaries, 'no token')
    const wrong: readonly ((value: string) => unknown)[] = [
      (value) => value,
      (value) => [value],
      (value) => ({value}),
      (value) => ({env: [value]}),
      (value) => ({env: {a: value}}),
      (value) => ({file: [value]}),
      (value) => ({[value]: 'x'}),
      (value) => ({env: 'A', file: value}),
    ]
    for (const [index, place] of wrong.entries()) {
      const {value} = canaries[index % canaries.length]!
      await sandbox.write(
        JSON.stringify({secrets: {PW: place(value)}, services: {api: sleeper}}, null, index % 2 ? 2 : 0),
      )
      const commands = [['validate'], ['start', '--json'], ['start'], ['validate', '--json'], ['config'], ['deps']]
      for (const args of commands.slice(0, size({quick: 2, full: commands.length}))) {
        const {code, stdout, stderr} = await sandbox.run(...args)
        assert.equal(code, 3, stdout + stderr)
        sweep.look(`${args.join(' ')} with ${JSON.stringify(place('…'))}`, stdout + stderr)
      }
    }
    sweep.assertNothing()
  })

  it('in command lines, and in variables that only a command line can hand over, are refused', async () => {
    await using sandbox = await Sandbox.make()
    const given = '${secret.PW}'
    const places: Readonly<Record<string, object>> = {
      args: {...sleeper, args: [given]},
      binary: {...sleeper, binary: given},
      'a check': {...sleeper, health_check: {command: ['curl', given]}},
      stop_command: {...sleeper, stop_command: ['ctl', given]},
      'a variable with a dot': {...sleeper, env: {'db.password': given}},
      'a variable of the shell': {...sleeper, env: {ENV: given}},
    }
    for (const [what, api] of Object.entries(places)) {
      await sandbox.write(JSON.stringify({secrets: {PW: {env: 'PW'}}, services: {api}}))
      const {code, stdout, stderr} = await sandbox.run('validate')
      assert.equal(code, 3, `${what}: ${stdout}`)
      assert.match(stderr, /every user of the machine could read it/, what)
    }
  })
})

const sleeper = {type: 'process', binary: 'sleep', args: ['600']}

const questions = [
  ['status'],
  ['status', '--detailed'],
  ['status', '--history'],
  ['health'],
  ['info', 'user'],
  ['info', 'dies-1'],
  ['info', 'says-1'],
  ['info', 'asks-1'],
  ['info', 'bystander'],
  ['logs', '--tail', 'all'],
  ['config'],
  ['config', '--origin'],
  ['validate'],
  ['env', 'user'],
  ['env', 'get'],
  ['env', 'get', '--stack', 'vault'],
  ['ls'],
  ['registry', 'list'],
  ['registry', 'get', 'user'],
  ['registry', 'topology'],
  ['task', 'list'],
  ['action', 'list'],
  ['deps'],
  ['types'],
  ['doctor'],
  ['daemon', 'status'],
  ['debug', 'census'],
]
const plainQuestions = [
  ['env', 'user', '--export'],
  ['logs', '--tail', 'all', '--raw'],
  ['daemon', 'logs', '--tail', 'all', '--level', 'debug'],
  ['daemon', 'metrics'],
  ['schema'],
  ['apply', '--dry-run'],
]

/** What is run as it was, what the programs printed, and what tasks handed over. */
const mayHold = /^(?:store\/|runs\/.*(?:\/(?:command|in|(?:out|err)\.log[^/]*)|\.output)$|token$)/

function secretsOf(): object {
  const entries = canaries.map(({name}, index): readonly [string, object] => {
    switch (sourceOf(index)) {
      case 'env':
      case 'dotenv':
        return [name, {env: name}]
      case 'file':
        return [name, {file: `${name}.txt`}]
      case 'command':
        return [name, {command: ['cat', `${name}.txt`]}]
    }
  })
  return Object.fromEntries(entries)
}

/** Answers the variables of the caller. What is taken from a `.env` file is written there as that file has it. */
async function writeSources(sandbox: Sandbox): Promise<Readonly<Record<string, string>>> {
  const env: Record<string, string> = {}
  const dotenv: string[] = []
  for (const [index, canary] of canaries.entries()) {
    const source = sourceOf(index)
    if (source === 'env') env[canary.name] = canary.value
    else if (source === 'dotenv') dotenv.push(dotenvLine(canary))
    else await writeFile(path.join(sandbox.folder, `${canary.name}.txt`), `${canary.value}\n`)
  }
  await sandbox.write(dotenv.join('\n'), '.env')
  return env
}

function dotenvLine({name, value}: Canary): string {
  const written = value.replaceAll(/[\\"$]/g, (sign) => (sign === '$' ? '$$' : `\\${sign}`))
  return `${name}="${written}"`
}

const say = `for (const [name, value] of Object.entries(process.env)) if (name.startsWith('V_')) console.log('it is', value)`

function stackOf(): object {
  const all = Object.fromEntries(canaries.map(({name}) => [`V_${name}`, `before \${secret.${name}} after`]))
  const some = Object.fromEntries(
    names.map((name, index) => [name, `\${secret.${canaries[index % canaries.length]!.name}}`]),
  )
  const service = (script: string, more: object): object => ({
    type: 'process',
    binary: 'node',
    args: ['-e', script],
    ...more,
  })
  const each = canaries.map(({name}, index) => ({
    index,
    given: `\${secret.${name}}`,
    env: {...entitled, V: `\${secret.${name}}`},
  }))
  const print = "process.stdout.write(process.env.V + '\\n'); process.stderr.write(process.env.V + '\\n');"
  const checks = (given: string): readonly object[] => [
    {http: {url: `http://user:${given}@localhost:1/x`, headers: {Authorization: 'Bearer'}}},
    {http: `http://localhost:1/${given}/y?a=b`},
    {http: `http://localhost:1/y?a=${given}`},
    {http: `${given}://localhost`},
    {http: {url: 'http://localhost:1', headers: {Token: given}}},
    {tcp: {host: given, port: 1}},
  ]
  const limits = {startup_timeout: '2s', on_start_timeout: 'stop'}
  return {
    name: 'vault',
    secrets: secretsOf(),
    services: {
      bystander: sleeper,
      user: service(
        `${say}; console.log(JSON.stringify(process.env)); console.log('all is said'); setInterval(() => {}, 1000)`,
        {
          env: {
            ...all,
            ...some,
            ...entitled,
            DSN: each.map(({given}) => `postgresql://u:${given}@localhost/x`).join(' '),
          },
          health_check: {log: '(?<name>before .* after)'},
        },
      ),
      ...Object.fromEntries(
        each.flatMap(({index, given, env}) => [
          [`dies-${index}`, service(`${print} process.exit(3)`, {env})],
          [`asks-${index}`, {...sleeper, ...limits, health_check: checks(given)[index % checks(given).length]}],
          [
            `says-${index}`,
            {
              ...sleeper,
              ...limits,
              env,
              health_check: {command: ['sh', '-c', 'printf "%s\\n" "cannot log in with $$V"; exit 1']},
            },
          ],
          [`lost-${index}`, {...sleeper, working_dir: `/nowhere/${given}`}],
        ]),
      ),
    },
    tasks: Object.fromEntries(
      each.map(({index, env}) => [
        `task-${index}`,
        {
          task_type: 'command',
          env,
          target: service(
            `${print} require('fs').appendFileSync(process.env.HARNESS_OUTPUT, ${JSON.stringify(names)}.map((name) => name + '<<END\\n' + process.env.V + '\\nEND\\n').join('')); process.exit(${index % 3 === 2 ? 1 : 0})`,
            {},
          ),
        },
      ]),
    ),
  }
}

/** What the daemon says to requests that have a value where it does not belong. */
async function refusals(client: Awaited<ReturnType<typeof openClient>>, stack: string, value: string): Promise<string> {
  const requests = [
    client.call('service.status', {stack: value, services: []}),
    client.call('service.start', {stack, services: [value], env: {}, requestId: newId()}),
    client.call('logs.read', {stack, services: [], tail: 1, attempts: 'all', follow: false, grep: `[${value}`}),
    client.call('stack.loadFile', {file: `/${value}`, env: {}, requestId: newId()}),
  ]
  const answers = await Promise.allSettled(requests)
  return `refusals\n${answers
    .map((answer) => (answer.status === 'fulfilled' ? JSON.stringify(answer.value) : inWords(answer.reason)))
    .join('\n')}`
}

function inWords(error: unknown): string {
  return error instanceof Error ? `${error.message} ${JSON.stringify(error)}` : String(error)
}

function metricsOf(sandbox: Sandbox, token: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {host: 'localhost', authorization: `Bearer ${token}`}
    const asked = request({socketPath: statePaths(sandbox.state).socket, path: '/metrics', headers}, (response) => {
      text(response).then(resolve, reject)
    })
    asked.on('error', reject).end()
  })
}
