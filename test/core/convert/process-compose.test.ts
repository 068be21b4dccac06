import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {convert, notesOf, written} from './convert.js'

const format = 'process-compose'
const one = (fields: string): string => `processes:\n  a:\n    command: run\n${fields.replace(/^/gm, '    ')}\n`
const two = (edge: string, fields = ''): string =>
  `processes:\n  a: {command: run, ${fields}}\n  b: {command: run, depends_on: {a: ${edge}}}\n`

describe('a process of process-compose', () => {
  const cases: readonly (readonly [name: string, theirs: string, ours: object])[] = [
    ['is a line for bash', one(''), {type: 'process', binary: 'bash', args: ['-c', 'run']}],
    [
      'runs in the shell of the file',
      `shell: {shell_command: zsh, shell_argument: -lc}\n${one('')}`,
      {type: 'process', binary: 'zsh', args: ['-lc', 'run']},
    ],
    [
      'has no shell with an entrypoint',
      'processes: {a: {entrypoint: [node, "a b", "$$x"]}}',
      {type: 'process', binary: 'node', args: ['a b', '$$x']},
    ],
    [
      'keeps what its shell is to fill in',
      'processes: {a: {command: "echo $$A $B ${C} ${D:-d} ${E^^}"}}',
      {type: 'process', binary: 'bash', args: ['-c', 'echo $$A $$B ${C} ${D:-d} $${E^^}']},
    ],
    [
      'keeps every $ without expansion',
      'disable_env_expansion: true\nprocesses: {a: {command: "echo $$ ${A}"}}',
      {type: 'process', binary: 'bash', args: ['-c', 'echo $$$$ $${A}']},
    ],
    [
      'has its variables and its file of variables',
      one('environment: ["A=1", "B=x=${C}"]\nenv_file: .env.a\nworking_dir: sub'),
      {
        type: 'process',
        binary: 'bash',
        args: ['-c', 'run'],
        working_dir: 'sub',
        env_file: {path: 'sub/.env.a', required: false},
        env: {A: '1', B: 'x=${C}'},
      },
    ],
    [
      'is told what it is, where it asks',
      'processes: {a: {command: "echo $$PC_PROC_NAME $$PC_REPLICA_NUM"}}',
      {
        type: 'process',
        binary: 'bash',
        args: ['-c', 'echo $$PC_PROC_NAME $$PC_REPLICA_NUM'],
        env: {PC_PROC_NAME: 'a', PC_REPLICA_NUM: '0'},
      },
    ],
    [
      'waits in a profile when it is disabled',
      one('disabled: true'),
      {type: 'process', binary: 'bash', args: ['-c', 'run'], profiles: ['disabled']},
    ],
    [
      'is restarted after failures without end, at one pace',
      one('availability: {restart: on_failure, backoff_seconds: 2}'),
      {
        type: 'process',
        binary: 'bash',
        args: ['-c', 'run'],
        restart: {policy: 'on-failure', delay: '2s', factor: 1, jitter: 0, max_attempts: 1_000_000},
      },
    ],
    [
      'is restarted so often in its life',
      one('availability: {restart: always, max_restarts: 3}'),
      {
        type: 'process',
        binary: 'bash',
        args: ['-c', 'run'],
        restart: {
          policy: 'always',
          delay: '1s',
          factor: 1,
          jitter: 0,
          max_attempts: 3,
          window: '24d',
          reset_after: '24d',
        },
      },
    ],
    [
      'takes a duration out of a variable',
      one('availability: {restart: always, backoff_seconds: "${WAIT}"}'),
      {
        type: 'process',
        binary: 'bash',
        args: ['-c', 'run'],
        restart: {policy: 'always', delay: '${WAIT}s', factor: 1, jitter: 0, max_attempts: 1_000_000},
      },
    ],
    [
      'is stopped as it wants',
      one('shutdown: {command: "bye $$X", signal: 2, timeout_seconds: 3}\nsuccess_exit_codes: [130]'),
      {
        type: 'process',
        binary: 'bash',
        args: ['-c', 'run'],
        success_exit_codes: [130],
        stop_signal: 'SIGINT',
        stop_command: ['bash', '-c', 'bye $$X'],
        shutdown_timeout: '3s',
      },
    ],
    [
      'is ready when it prints its line, taken as it is',
      one('ready_log_line: "up (1.0) $5"'),
      {type: 'process', binary: 'bash', args: ['-c', 'run'], health_check: {log: 'up \\(1\\.0\\) \\$$5'}},
    ],
    [
      'is watched',
      one('working_dir: w\nwatch: {paths: [{path: src, include: ["*.go", "a/*.c"]}], debounce: 1s}'),
      {
        type: 'process',
        binary: 'bash',
        args: ['-c', 'run'],
        working_dir: 'w',
        watch: [{paths: ['w/src'], include: ['**/*.go', 'a/*.c'], debounce: '1s'}],
      },
    ],
  ]
  for (const [name, theirs, ours] of cases) {
    it(name, () => {
      assert.deepEqual(convert(format, theirs).services['a'], ours)
    })
  }

  it('is readiness and liveness where it has a probe: process-compose stops what fails it', () => {
    const {a} = convert(
      format,
      one(
        'readiness_probe: {http_get: {port: "80", path: /h, headers: {X: y}}, initial_delay_seconds: 4, timeout_seconds: 2}',
      ),
    ).services
    const check = {
      http: {url: 'http://127.0.0.1:80/h', headers: {X: 'y'}, expected_status: '200'},
      interval: '10s',
      timeout: '2s',
      retries: 3,
    }
    assert.deepEqual(a?.['health_check'], check)
    assert.deepEqual(a['liveness'], {...check, start_period: '4s'})
    assert.deepEqual(a['restart'], {policy: 'no', max_attempts: 0})
    assert.equal(a['startup_timeout'], undefined)
  })

  it('may take as long to start as its probe allows', () => {
    const {a} = convert(
      format,
      one('readiness_probe: {exec: {command: ok}, period_seconds: 9, failure_threshold: 100}'),
    ).services
    assert.equal(a?.['startup_timeout'], '1000s')
    assert.deepEqual((a['health_check'] as {command: unknown}).command, ['bash', '-c', 'ok'])
  })

  it('asks from the folder of its probe', () => {
    const {a} = convert(
      format,
      one('working_dir: x/y\nreadiness_probe: {exec: {command: ok, working_dir: z}}'),
    ).services
    assert.deepEqual((a?.['health_check'] as {command: unknown}).command, ['bash', '-c', 'cd ../../z && ok'])
  })
})

describe('a dependency of process-compose', () => {
  const cases: readonly (readonly [edge: string, fields: string, ours: unknown])[] = [
    ['{condition: process_started}', '', {service: 'a', condition: 'started'}],
    ['{condition: process_healthy}', 'readiness_probe: {exec: {command: x}}', 'a'],
    ['{condition: process_log_ready}', 'ready_log_line: x', 'a'],
    ['{condition: process_completed}', '', {service: 'a', condition: 'completed'}],
    ['{condition: process_completed_successfully}', '', {service: 'a', condition: 'succeeded'}],
    ['{}', '', {service: 'a', condition: 'completed'}],
    ['', '', {service: 'a', condition: 'completed'}],
    ['{condition: process_completed_successfully}', 'schedule: {cron: "0 3 * * *"}', {task: 'a'}],
  ]
  for (const [edge, fields, ours] of cases) {
    it(`${edge} ${fields}`, () => {
      assert.deepEqual(convert(format, two(edge, fields)).services['b']?.['dependencies'], [ours])
    })
  }

  it('on what is not started is not waited for', () => {
    const {services, notes} = convert(format, two('{condition: process_started}', 'disabled: true'))
    assert.equal(services['b']?.['dependencies'], undefined)
    assert.match(notes[0]?.message ?? '', /not waited for: it is disabled/)
  })

  it('on the end of what always starts again has it restarted after failures only', () => {
    const {services, notes} = convert(format, two('{}', 'availability: {restart: always}'))
    assert.equal((services['a']?.['restart'] as {policy: string}).policy, 'on-failure')
    assert.match(notes[0]?.message ?? '', /on-failure here/)
  })
})

describe('replicas of process-compose', () => {
  it('count themselves in a line for a shell', () => {
    const {services} = convert(format, one('replicas: 3').replace('run', 'serve 40{{.PC_REPLICA_NUM}}'))
    assert.deepEqual(services['a']?.['args'], ['-c', 'serve 40$$((HARNESS_REPLICA - 1))'])
    assert.equal(services['a']['replicas'], 3)
  })

  it('are services of their own where they differ elsewhere or are waited for one by one', () => {
    const probed = one('replicas: 2\nreadiness_probe: {http_get: {port: "4{{.PC_REPLICA_NUM}}"}}')
    const {services} = convert(format, probed)
    assert.deepEqual(Object.keys(services), ['a-0', 'a-1'])
    assert.equal((services['a-1']?.['health_check'] as {http: {url: string}}).http.url, 'http://127.0.0.1:41/')
    const named = convert(format, `${one('replicas: 2')}  b: {command: run, depends_on: {a-1: {}}}\n`)
    assert.deepEqual(named.services['b']?.['dependencies'], [{service: 'a-1', condition: 'completed'}])
  })
})

describe('a file of process-compose', () => {
  it('is written with a comment where something is lost', () => {
    const text = `
version: "0.5"
name: My Shop
log_level: debug
environment: [MODE=dev]
vars: {NAME: world}
env_cmds: {DATE: date}
processes:
  Web_1: {command: "echo {{.NAME}}\\nrun", is_tty: true, extends: base}
  base: {command: base, environment: [A=1]}
  nightly: {command: clean, schedule: {cron: 0 3 * * *, timezone: UTC}, availability: {restart: on_failure, max_restarts: 2}}
  tests: {command: test, availability: {exit_on_end: true}}
`
    assert.equal(
      written(format, text),
      `
# env_cmds are secrets here: they are run at each start, and their values are masked.
# name is called 'my-shop' here: names have lower-case letters, digits, - and _.
# log_level has no equivalent: harness keeps the logs itself, see \`harness logs\`.

name: my-shop
secrets: {DATE: {command: [bash, -c, date]}}
env: {MODE: dev, DATE: '\${secret.DATE}'}

services:
  # processes.Web_1 is called 'web_1' here: names have lower-case letters, digits, - and _.
  # processes.Web_1.is_tty has no equivalent: there is no terminal, its output goes to a file.
  web_1:
    type: process
    binary: bash
    args:
      - -c
      - |-
        echo world
        run
    env: {A: '1'}

  base:
    type: process
    binary: bash
    args: [-c, base]
    env: {A: '1'}

  # processes.tests.availability.exit_on_end \`harness start --exit-code-from tests\` ends all with it, and with its exit code.
  tests:
    type: process
    binary: bash
    args: [-c, test]

tasks:
  nightly:
    task_type: command
    target: {type: process, binary: bash, args: [-c, clean]}
    timeout: 24d
    retries: {attempts: 2, delay: 1s, factor: 1}
    schedule: {cron: 0 3 * * *, timezone: UTC}
`.trimStart(),
    )
  })

  it('that stands elsewhere keeps its paths', () => {
    const {services} = convert(
      format,
      one('env_file: e').replace('command: run', 'command: run\n    working_dir: w'),
      '../up',
    )
    assert.equal(services['a']?.['working_dir'], '../up/w')
    assert.deepEqual(services['a']['env_file'], {path: '../up/w/e', required: false})
    assert.equal(convert(format, one(''), '../up').services['a']?.['working_dir'], '../up')
  })

  it('cannot break out of a comment', () => {
    const text = `processes:\n  a: {command: run, "is_\\nservices: {}": 1}\n`
    assert.match(written(format, text), /^ {2}# processes\.a\."is_\\nservices: \{\}" has no equivalent\.$/m)
  })

  const broken: readonly (readonly [text: string, reason: RegExp])[] = [
    ['', /must be a map, got nothing/],
    ['[1]', /must be a map, got a list/],
    ['processes: {}', /processes must be a map of processes/],
    ['processes: [a]', /processes must be a map, got a list/],
    ['processes: {a: {command: [x]}}', /processes\.a\.command must be a text, got a list/],
    ['processes: {a: {}}', /processes\.a\.command must be a command, got nothing/],
    ['processes: {a: {command: x, depends_on: {z: {}}}}', /must be the name of a process, got 'z'/],
    ['processes: {a: {command: x, depends_on: {a: {condition: ready}}}}', /condition must be one of process_started/],
    ['processes: {a: {command: x, availability: {restart: sometimes}}}', /restart must be one of no/],
    ['processes: {a: {command: x, extends: b}, b: {command: x, extends: a}}', /no circle, got 'a → b → a'/],
    ['processes: {a: {command: x, replicas: many}}', /replicas must be a number, got 'many'/],
    ['a: &a [*a, *a]', /./],
    ['a: b: c', /./],
    ['['.repeat(50_000), /./],
    ['a: *nothing', /nothing/],
    ['processes: {a: {command: x}, a: {command: y}}', /unique/],
    [
      `a: &x [1,1,1,1,1,1,1,1]\nb: &y [${'*x,'.repeat(40)}]\nc: &z [${'*y,'.repeat(40)}]\nd: [${'*z,'.repeat(40)}]`,
      /alias/,
    ],
  ]
  for (const [text, reason] of broken) {
    it(`is refused with one error: ${text.slice(0, 60).replaceAll('\n', ' ')}`, () => {
      assert.throws(
        () => convert(format, text),
        (error: unknown) => {
          const {code, message} = error as {code: string; message: string}
          assert.equal(code, 'CONFIG_INVALID')
          assert.match(message, reason)
          assert.ok(!message.includes('\n'), message)
          return true
        },
      )
    })
  }

  it('says which command ends with the same exit code', () => {
    const text = 'processes: {a: {command: x, availability: {restart: exit_on_failure}}}'
    assert.equal(convert(format, text).exitCodeFrom, 'a')
    assert.match(notesOf(format, text)[0] ?? '', /harness start --exit-code-from a/)
  })
})
