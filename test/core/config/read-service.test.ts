import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {loadService, loadText, problemsOf} from './load.js'

describe('a service', () => {
  it('has its defaults written out, but for those that its type may bring', async () => {
    assert.deepEqual(await loadService(''), {
      target: {type: 'process', spec: {binary: 'node'}},
      env: {},
      inheritEnv: true,
      ports: [],
      dependencies: [],
      successExitCodes: [0],
      successSignals: [],
      minUptimeMs: 0,
      onStartTimeout: 'keep',
      replicas: 1,
      watch: [],
      logs: {capture: 'file', merge: false},
    })
  })

  it('takes every key of its own and leaves the rest to its target', async () => {
    const service = await loadService(
      `working_dir: src
name: api
description: Sells things.
service_type: web
config: {root: "\${api.host}"}
inherit_env: false
restart: {policy: always, delay: 250ms, factor: 1.5, max_delay: 1m30s, jitter: 0, max_attempts: 0, window: 5, reset_after: 1h}
stop_signal: int
shutdown_timeout: 0
startup_timeout: 1m
min_uptime: 1s
on_start_timeout: stop
success_exit_codes: [143, 0]
stop_command: [ctl, "\${api.port}"]
success_signals: [TERM, SIGINT, int]
liveness: {tcp: "\${api.port}", retries: 2}
ports: [0]
replicas: 3
watch: [src]
logs: {capture: pipe, merge: true, max_size: 1MiB, keep: 3}
x-note: a`,
    )
    assert.deepEqual(service, {
      serviceType: 'web',
      config: {root: '${api.host}'},
      target: {type: 'process', spec: {binary: 'node', working_dir: 'src'}},
      env: {},
      inheritEnv: false,
      ports: [{name: 'default', protocol: 'tcp', port: 0}],
      dependencies: [],
      liveness: {
        check: {kind: 'tcp', host: 'localhost', port: '${api.port}'},
        intervalMs: 10_000,
        startIntervalMs: 100,
        startPeriodMs: 0,
        timeoutMs: 5000,
        successThreshold: 1,
        failureThreshold: 2,
      },
      restart: {
        policy: 'always',
        delayMs: 250,
        factor: 1.5,
        maxDelayMs: 90_000,
        jitter: 0,
        maxAttempts: 0,
        windowMs: 5000,
        resetAfterMs: 3_600_000,
      },
      stopSignal: 'SIGINT',
      stopCommand: {program: 'ctl', args: ['${api.port}']},
      graceMs: 0,
      successExitCodes: [0, 143],
      successSignals: ['SIGTERM', 'SIGINT'],
      startupTimeoutMs: 60_000,
      minUptimeMs: 1000,
      onStartTimeout: 'stop',
      replicas: 3,
      watch: [{paths: ['src'], include: [], ignore: [], debounceMs: 300, action: {kind: 'restart'}}],
      logs: {capture: 'pipe', merge: true, maxSize: 1_048_576, keep: 3},
    })
  })

  it('is stopped by a program, a list, or both parts by name', async () => {
    const stopCommand = async (line: string) => (await loadService(`stop_command: ${line}`)).stopCommand
    assert.deepEqual(await stopCommand('stop'), {program: 'stop', args: []})
    assert.deepEqual(await stopCommand('[stop, -t, 5]'), {program: 'stop', args: ['-t', '5']})
    assert.deepEqual(await stopCommand('{program: stop, args: [-t]}'), {program: 'stop', args: ['-t']})
    const [warning] = await problemsOf('services: {api: {type: process, stop_command: ctl stop}}')
    assert.deepEqual([warning?.severity, warning?.suggestion], ['warning', 'write [ctl, stop]'])
    for (const line of ['[]', '""', '{}', '{args: [a]}', '[a, [b]]', '"${gone.port}"']) {
      const problems = await problemsOf(`services: {api: {type: process, stop_command: ${line}}}`)
      assert.deepEqual(
        problems.map(({severity}) => severity),
        ['error'],
        line,
      )
    }
  })

  it('ends well by the signals that it names, and by no others', async () => {
    const [problem, ...rest] = await problemsOf('services: {api: {type: process, success_signals: [TERM, BYE]}}')
    assert.deepEqual(rest, [])
    assert.match(problem?.message ?? '', /success_signals\[1\] must be a signal, like TERM/)
  })

  it('keeps logs of a size that is one', async () => {
    for (const [logs, expected] of [
      ['{max_size: 10 apples}', /logs\.max_size must be a size like 512KB, 10MB or 1GB/],
      ['{max_size: 1KB}', /of at least 64KB/],
      ['{keep: 0}', /logs\.keep must be a whole number from 1 to 1000/],
    ] as const) {
      const problems = await problemsOf(`services: {api: {type: process, logs: ${logs}}}`)
      assert.equal(problems.length, 1, logs)
      assert.match(problems[0]?.message ?? '', expected)
    }
  })

  it('takes its times from the settings of the stack', async () => {
    const {definition} = await loadText(`
settings: {startup_timeout: 1s, shutdown_timeout: 2s, health_check_interval: 3s, on_start_timeout: stop}
services: {api: {type: process, health_check: {tcp: 80}, liveness: {tcp: 80}}}
tasks: {seed: {task_type: command, target: {type: process}}}`)
    const {api} = definition.services
    assert.deepEqual(
      [api?.startupTimeoutMs, api?.graceMs, api?.healthCheck?.intervalMs, api?.onStartTimeout],
      [1000, 2000, 3000, 'stop'],
    )
    assert.equal(api?.liveness?.intervalMs, 3000)
    assert.deepEqual([definition.tasks['seed']?.graceMs, definition.tasks['seed']?.timeoutMs], [2000, 600_000])
  })

  it('has the environment of the stack, its target and itself, the nearest on top', async () => {
    const {definition} = await loadText(`
env: {A: stack, B: stack, C: stack, D: stack}
services:
  api:
    target: {type: process, env: {B: target, C: target, URL: "a=b=c"}}
    env: {C: service, D: null, E: false}
tasks:
  seed: {task_type: command, target: {type: process, env: {B: target}}, env: {C: 1}}`)
    const expected = {A: 'stack', B: 'target', C: 'service', URL: 'a=b=c', E: 'false'}
    assert.deepEqual(definition.services['api']?.env, expected)
    assert.deepEqual(definition.services['api'].target?.spec, {})
    assert.deepEqual(definition.tasks['seed']?.env, {A: 'stack', B: 'target', C: '1', D: 'stack'})
  })

  it('cannot have a map or a list as the value of a variable', async () => {
    const problems = await problemsOf('services: {api: {type: process, env: {A: {b: c}, B: [c]}}}')
    assert.deepEqual(
      problems.map((each) => each.path),
      ['services.api.env.A', 'services.api.env.B'],
    )
  })

  it('knows the conditions by our names and by those of Compose', async () => {
    const names = ['started', 'ready', 'completed', 'succeeded', 'service_started', 'service_healthy', 'healthy']
    const more = ['service_completed_successfully', 'completed_successfully']
    const services = [...names, ...more].map((_, index) => `  s${index}: {type: process}`).join('\n')
    const edges = [...names, ...more].map((name, index) => `{service: s${index}, condition: ${name}}`).join(', ')
    const {definition} = await loadText(`services:\n${services}\n  api: {type: process, dependencies: [${edges}]}`)
    assert.deepEqual(
      definition.services['api']?.dependencies.map((dependency) => dependency.condition),
      ['started', 'ready', 'completed', 'succeeded', 'started', 'ready', 'ready', 'succeeded', 'succeeded'],
    )
  })

  it('may depend on what is not there when it is not required', async () => {
    const problems = await problemsOf(
      'services: {api: {type: process, dependencies: [{service: cache, required: false}]}}',
    )
    assert.deepEqual(
      problems.map(({severity, code}) => [severity, code]),
      [['warning', 'CONFIG_UNKNOWN_DEPENDENCY']],
    )
  })
})
