import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {appendFile, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {parse} from 'yaml'
import {jsonText} from '../../src/core/base/json.js'
import {printable} from '../../src/core/base/printable.js'
import {statePaths} from '../../src/core/base/state-directory.js'
import {Sandbox, until} from '../support/harness.js'
import {controls} from '../support/hostile-names.js'
import {atTerminal} from '../support/pty.js'
import {terminalPayloads, textOf} from '../support/terminal-payloads.js'
import {assertHarmless, places as allPlaces, show, type Place} from './support/shown-bytes.js'
import {measured, size} from './support/sizes.js'

let turn = 0
/** Where a command is looked at: at one place after the other, or for what shows most at all of them. */
const places = (count = 1): readonly Place[] => Array.from({length: count}, () => allPlaces[turn++ % allPlaces.length]!)
const chosen = size({quick: 6, full: terminalPayloads.length})
/** Spread over all kinds. */
const payloads = Array.from(
  {length: chosen},
  (_, index) => terminalPayloads[Math.floor((index * terminalPayloads.length) / chosen)]!,
)
const texts = payloads.map(textOf)
/** What an argument and a variable of an environment can hold. */
const words = texts.filter((text) => !text.includes('\0'))

describe(`${payloads.length} ways to take hold of a terminal (S11)`, function () {
  this.timeout(300_000)

  it('are more than sixty when all are tried', () => {
    assert.ok(new Set(terminalPayloads.map(({bytes}) => bytes.toString('latin1'))).size >= 60)
  })

  it('printed by services, whole and byte by byte, come through in no logs', async () => {
    await using sandbox = await Sandbox.make()
    await writeStack(sandbox, await talkers(sandbox))
    await using following = await followed(sandbox)
    assert.equal((await sandbox.run('start')).code, 0)
    for (const args of [[], ['--timestamps'], ['--grep', '<']]) {
      for (const place of places(allPlaces.length)) {
        const shown = await show(sandbox, place, 'logs', '--tail', 'all', ...args)
        const text = assertHarmless(shown, 'logs')
        assertWhole(text)
        assertOwnLines(text)
      }
    }
    await until(() => beginningsOf(following.text()) === 2 * payloads.length, 'all is followed')
    const followedText = assertHarmless({place: 'a terminal', bytes: following.bytes()}, 'logs -f')
    assertOwnLines(followedText)
    for (const line of following.text().split('\n')) {
      const attributes = line.match(/\x1b\[[\d;]*m/g) ?? []
      if (/\x1b\[(?:8|30;40)m/.test(line)) assert.equal(attributes.at(-1), '\x1b[0m', JSON.stringify(line))
    }
  })

  it('come through in no logs of a start in the foreground', async () => {
    await using sandbox = await Sandbox.make()
    const all = await allInOne(sandbox)
    const talker = {type: 'process', binary: 'sh', args: ['-c', `cat ${all}; sleep 1`]}
    await writeStack(sandbox, {name: 'talkers', services: {whole: talker, pieces: talker}})
    for (const place of places()) {
      const shown = await show(sandbox, place, 'start', '--foreground', '--exit-code-from', 'whole')
      const text = assertHarmless(shown, 'start --foreground', true)
      for (const [index, {name}] of payloads.entries()) {
        const line = text.split('\n').find((each) => each.includes(`<${index}<`))
        assert.match(line ?? '', /(?:whole |pieces) │ </, name)
      }
    }
  })

  it('come through as they were with --raw, and as the same values in JSON', async () => {
    await using sandbox = await Sandbox.make()
    await writeStack(sandbox, await talkers(sandbox))
    assert.equal((await sandbox.run('start')).code, 0)
    await until(
      async () => beginningsOf((await sandbox.run('logs', '--tail', 'all')).stdout) === 2 * payloads.length,
      'all',
    )
    const {bytes} = await show(sandbox, 'a pipe', 'logs', 'whole', '--tail', 'all', '--raw')
    const raw = bytes.toString('utf8')
    const shown = await show(sandbox, 'a terminal', 'logs', '--tail', 'all', '--json')
    const lines = assertHarmless(shown, 'logs --json')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as {readonly text: string}).text)
    for (const [index, text] of texts.entries()) {
      // Ends of lines are no part of a line.
      for (const part of `<${index}<${text}>${index}>`.split(/\r?\n/)) {
        assert.ok(raw.includes(part), `${payloads[index]!.name}: --raw`)
        assert.equal(lines.filter((line) => line === part).length, 2, `${payloads[index]!.name}: --json`)
      }
    }
  })

  it('do nothing as reasons of starts, health checks and tasks that fail', async () => {
    await using sandbox = await Sandbox.make()
    const files = await payloadFiles(sandbox)
    const services = Object.fromEntries(files.flatMap(troubled))
    await writeStack(sandbox, {
      settings: {startup_timeout: '1500ms'},
      services,
      tasks: Object.fromEntries(
        files.map((file, index) => [
          `fails-${index}`,
          {task_type: 'command', target: {type: 'process', binary: 'sh', args: ['-c', `cat ${file} >&2; exit 3`]}},
        ]),
      ),
    })
    for (const place of places()) {
      const {code, ...shown} = await show(sandbox, place, 'start')
      const text = assertHarmless({...shown}, 'start', true)
      assert.equal(code, 4, text)
      assert.match(text, /dies-0/)
      await sandbox.run('stop')
    }
    await sandbox.run('start')
    const task = await show(sandbox, 'a terminal', 'task', 'run', 'fails-0')
    assert.equal(task.code, 4)
    assertHarmless(task, 'task run', true)
    for (const args of [
      ['status'],
      ['status', '--detailed'],
      ['status', '--history'],
      ['status', '--json'],
      ['health'],
      ['info', 'sick-0'],
      ['info', 'gone-0', '--json'],
      ['env', 'sick-0'],
      ['task', 'list'],
      ['registry', 'list'],
      ['registry', 'get', 'sick-0'],
      ['ls'],
      ['deps'],
      ['daemon', 'logs', '--level', 'debug'],
    ]) {
      for (const place of places()) assertHarmless(await show(sandbox, place, ...args), args.join(' '))
    }
    const status = await sandbox.json<{readonly services: readonly {readonly name: string}[]}>('status')
    assert.equal(status.services.length, Object.keys(services).length)
  })

  it('do nothing as arguments', async () => {
    await using sandbox = await Sandbox.make()
    await writeStack(sandbox, {services: {api: {type: 'process', binary: 'sleep', args: ['600']}}})
    assert.equal((await sandbox.run('start')).code, 0)
    let commands = 0
    for (const [index, word] of words.entries()) {
      const all = [
        [word],
        ['start', word],
        ['start', '-c', word],
        ['logs', '--grep', `[${word}`],
        ['logs', '--tail', word],
        ['status', '--stack', word],
        ['status', `--${word}`],
        ['scale', `${word}=2`],
        ['signal', 'api', word],
        ['exec', 'api', '--', `./${word}`],
        ['task', 'run', word],
        ['action', 'run', 'api', word, '--param', word],
        ['env', 'get', word],
        ['registry', 'get', word],
        ['help', word],
        ['daemon', 'forget', `wss://${word}`],
      ]
      // All of them take minutes: each payload goes to some, each command gets many.
      const some = all.filter((_, at) => (at + index) % size({quick: 4, full: all.length}) === 0)
      for (const args of some) {
        commands += 1
        // What is typed wrong at a terminal is asked about; there is nobody to answer here.
        const place = args[0] === word ? 'a pipe' : places()[0]!
        const shown = await show(sandbox, place, ...args)
        assertHarmless(shown, args.join(' '))
        assert.notEqual(shown.code, 1, `${args.join(' ')}: ${shown.bytes.toString()}`)
      }
    }
    measured('commands', String(commands))
  })

  it('typed as a command at a terminal, where it is asked what was meant, do nothing', async () => {
    await using sandbox = await Sandbox.make()
    for (const word of words.filter((_, index) => index % 3 === 0)) {
      const shown = await show(sandbox, 'a terminal', `statu${word}`)
      // Where nothing of it has to be taken out, oclif asks, and draws its question.
      assertHarmless(shown, JSON.stringify(word), printable(word) === word)
    }
  })

  it('in a stack file are refused, or shown as the same values', async () => {
    await using sandbox = await Sandbox.make()
    // Raw in the file: in names, keys, values and comments; JSON is YAML as well.
    await sandbox.write(
      [
        'services:',
        ...texts.flatMap((text, index) => [
          `  # ${text.replaceAll(/[\r\n\u0085\u2028\u2029]/g, '')}`,
          `  ${JSON.stringify(`a${text}`)}: {type: process, binary: sleep}`,
          `  b-${index}: {type: ${JSON.stringify(text)}, ${JSON.stringify(`k${text}`)}: 1}`,
          `  c-${index}: {type: process, binary: sleep, restart: ${JSON.stringify(text)}, env: {A: ${JSON.stringify(`\${${text}}`)}}}`,
        ]),
      ].join('\n'),
    )
    for (const args of [['validate'], ['config'], ['start'], ['deps'], ['validate', '--json']]) {
      for (const place of places()) {
        const shown = await show(sandbox, place, ...args)
        assert.equal(shown.code, 3)
        const text = assertHarmless(shown, args.join(' '))
        assert.match(text, /CONFIG_/)
      }
    }
    const env = Object.fromEntries(words.map((text, index) => [`V${index}`, text.replaceAll('$', '$$$$')]))
    await sandbox.write(
      jsonText({
        services: {
          api: {type: 'process', binary: 'sleep', args: ['600'], env, 'x-note': texts},
        },
      }),
    )
    for (const place of places()) {
      const model = assertHarmless(await show(sandbox, place, 'config'), 'config')
      const read = parse(model) as {services: {api: {env?: object; target?: {env?: object}}}}
      assert.deepEqual(read.services.api.env ?? read.services.api.target?.env, env)
      assertHarmless(await show(sandbox, place, 'config', '--origin'), 'config --origin')
      const json = assertHarmless(await show(sandbox, place, 'config', '--json'), 'config --json')
      assert.ok(json.includes('V0'))
      assertHarmless(await show(sandbox, place, 'start'), 'start', true)
      assertHarmless(await show(sandbox, place, 'env', 'api'), 'env')
      assertHarmless(await show(sandbox, place, 'env', 'api', '--export'), 'env --export')
    }
    const {stdout} = await sandbox.run('env', 'api', '--export')
    assert.deepEqual(variablesOf(stdout, Object.keys(env)), words)
  })

  it('do nothing in what tasks print and answer', async () => {
    await using sandbox = await Sandbox.make()
    const all = await allInOne(sandbox)
    await writeStack(sandbox, {
      services: {api: {type: 'process', binary: 'sleep', args: ['600']}},
      tasks: {
        says: {
          task_type: 'command',
          target: {
            type: 'process',
            binary: 'node',
            args: [
              '-e',
              `const fs = require('fs'); const all = fs.readFileSync(${JSON.stringify(all)}); process.stdout.write(all); process.stderr.write(all); fs.writeFileSync(process.env.HARNESS_OUTPUT, ${JSON.stringify(
                words
                  .filter((text) => !/[\r\n]/.test(text))
                  .map((text, index) => `K${index}=${text}\n`)
                  .join(''),
              )})`,
            ],
          },
        },
      },
    })
    for (const place of places()) {
      const shown = await show(sandbox, place, 'task', 'run', 'says', '--force')
      const text = assertHarmless(shown, 'task run', true)
      assert.equal(shown.code, 0, text)
      assertHarmless(await show(sandbox, place, 'task', 'run', 'says', '--force', '--json'), 'task run --json')
      assertHarmless(await show(sandbox, place, 'task', 'list'), 'task list')
      assertHarmless(await show(sandbox, place, 'status', '--json'), 'status --json')
    }
  })

  it('in the log of the daemon do nothing', async () => {
    await using sandbox = await Sandbox.make()
    assert.equal((await sandbox.run('daemon', 'start')).code, 0)
    const {log} = statePaths(sandbox.state)
    const record = (text: string): string => JSON.stringify({time: text, level: text, message: text, [text]: text})
    await appendFile(log, texts.flatMap((text) => [text, record(text)]).join('\n') + '\n')
    for (const args of [[], ['--json'], ['--level', 'error']]) {
      for (const place of places()) {
        assertHarmless(await show(sandbox, place, 'daemon', 'logs', '--tail', 'all', ...args), 'daemon logs')
      }
    }
    assert.ok(controls.test((await readFile(log, 'utf8')).replaceAll('\n', '')), 'they stand there')
  })
})

function writeStack(sandbox: Sandbox, stack: object): Promise<string> {
  return sandbox.write(jsonText(stack))
}

async function payloadFiles(sandbox: Sandbox): Promise<readonly string[]> {
  return Promise.all(
    payloads.map(async ({bytes}, index) => {
      const file = path.join(sandbox.folder, `p${index}`)
      await writeFile(file, bytes)
      return file
    }),
  )
}

/** Services that fail with a payload as the reason. What checks and starts say comes by the same way as what is printed: a third of the payloads will do. */
function troubled(file: string, index: number): readonly (readonly [name: string, service: object])[] {
  const dies = [`dies-${index}`, {type: 'process', binary: 'sh', args: ['-c', `cat ${file} >&2; exit 3`]}] as const
  if (index % 3 > 0) return [dies]
  const health_check = {command: ['sh', '-c', `cat ${file}; exit 1`], start_interval: '500ms'}
  return [
    dies,
    [`sick-${index}`, {type: 'process', binary: 'sleep', args: ['600'], health_check}],
    [`gone-${index}`, {type: 'process', binary: `./${texts[index]!.replaceAll('\0', '')}`}],
  ]
}

/** `<0<…>0>`, line by line. */
async function allInOne(sandbox: Sandbox): Promise<string> {
  const file = path.join(sandbox.folder, 'all')
  const parts = payloads.map(({bytes}, index) =>
    Buffer.concat([Buffer.from(`<${index}<`), bytes, Buffer.from(`>${index}>\n`)]),
  )
  await writeFile(file, Buffer.concat(parts))
  return file
}

async function talkers(sandbox: Sandbox): Promise<object> {
  const all = await allInOne(sandbox)
  const inPieces = `const fs = require('fs'); for (const byte of fs.readFileSync(${JSON.stringify(all)})) fs.writeSync(1, Buffer.of(byte)); setInterval(() => {}, 1000)`
  return {
    name: 'talkers',
    services: {
      whole: {type: 'process', binary: 'sh', args: ['-c', `cat ${all}; exec sleep 600`]},
      pieces: {type: 'process', binary: 'node', args: ['-e', inPieces]},
    },
  }
}

/** `logs -f` of a stack that is only loaded. */
async function followed(sandbox: Sandbox): Promise<ReturnType<typeof atTerminal>> {
  assert.equal((await sandbox.run('start', '--dry-run')).code, 0)
  sandbox.variables = {NO_COLOR: ''}
  const at = atTerminal(sandbox, 'logs', '-f', '--tail', 'all')
  sandbox.variables = {}
  return at
}

/** How many are there. What stands before a payload is never part of one. */
function beginningsOf(text: string): number {
  return (text.match(/<\d+</g) ?? []).length
}

/** Both services have said all that they had to say. */
function assertWhole(text: string): void {
  for (const [index, {name}] of payloads.entries()) {
    assert.ok(text.includes(`<${index}<`), name)
  }
}

/** Each line is of the service that printed it: none of them is made up by another. */
function assertOwnLines(text: string): void {
  for (const line of text.trimEnd().split('\n')) {
    assert.match(line, /^(?:\S+T\S+Z~? )?(?:whole |pieces) │/, JSON.stringify(line))
  }
}

/** What a shell makes of the lines. */
function variablesOf(exports: string, names: readonly string[]): readonly string[] {
  const print = names.map((name) => `printf '%s\\0' "$${name}"`).join('; ')
  return execFileSync('sh', ['-c', `${exports}\n${print}`], {encoding: 'utf8', env: {}})
    .split('\0')
    .slice(0, -1)
}
