import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {loadService, problemsOf} from './load.js'

async function checkOf(check: string): Promise<unknown> {
  return (await loadService(`ports: [0]\nhealth_check: ${check}`)).healthCheck?.check
}

const http = {kind: 'http', method: 'GET', headers: {}, expectedStatus: '200-299'}

describe('a health check', () => {
  it('has its timing written out', async () => {
    const probe = (await loadService('health_check: {tcp: 80}')).healthCheck
    assert.deepEqual(probe, {
      check: {kind: 'tcp', host: 'localhost', port: 80},
      intervalMs: 10_000,
      startIntervalMs: 100,
      startPeriodMs: 0,
      timeoutMs: 5000,
      successThreshold: 1,
      failureThreshold: 3,
    })
  })

  it('takes all its timing', async () => {
    const probe = (
      await loadService(
        'health_check: {tcp: 80, interval: 1, timeout: 2s, retries: 4, start_period: 30s, start_interval: 50ms, success_threshold: 2}',
      )
    ).healthCheck
    assert.deepEqual(
      {...probe, check: undefined},
      {
        check: undefined,
        intervalMs: 1000,
        startIntervalMs: 50,
        startPeriodMs: 30_000,
        timeoutMs: 2000,
        successThreshold: 2,
        failureThreshold: 4,
      },
    )
  })

  it('asks by http, in short and in full', async () => {
    assert.deepEqual(await checkOf('{http: "http://${api.host}:${api.port}/$$"}'), {
      ...http,
      url: 'http://${api.host}:${api.port}/$$',
    })
    assert.deepEqual(await checkOf('{http: {url: "${api.url}/x"}}'), {...http, url: '${api.url}/x'})
    const full =
      '{http: {url: "https://a", method: post, headers: {A: 1}, expected_status: "200, 204", expected_body: ok}}'
    assert.deepEqual(await checkOf(full), {
      kind: 'http',
      url: 'https://a',
      method: 'POST',
      headers: {A: '1'},
      expectedStatus: '200,204',
      expectedBody: 'ok',
    })
    assert.deepEqual(await checkOf('{http: {url: "http://a", expected_status: 404}}'), {
      ...http,
      url: 'http://a',
      expectedStatus: '404',
    })
  })

  it('connects by tcp, in short and in full', async () => {
    const tcp = (host: string, port: number | string) => ({kind: 'tcp', host, port})
    assert.deepEqual(await checkOf('{tcp: 5432}'), tcp('localhost', 5432))
    assert.deepEqual(await checkOf('{tcp: "db.lan:5432"}'), tcp('db.lan', 5432))
    assert.deepEqual(await checkOf('{tcp: "[::1]:5432"}'), tcp('::1', 5432))
    assert.deepEqual(await checkOf('{tcp: "${api.port}"}'), tcp('localhost', '${api.port}'))
    assert.deepEqual(await checkOf('{tcp: "${api.host}:${api.port}"}'), tcp('${api.host}', '${api.port}'))
    assert.deepEqual(await checkOf('{tcp: {host: "${api.host}", port: 1}}'), tcp('${api.host}', 1))
  })

  it('takes a timeout inside the check, as older stacks have it', async () => {
    const inside = await loadService('health_check: {tcp: {port: 6379, timeout: 2}}')
    assert.equal(inside.healthCheck?.timeoutMs, 2000)
    const both = await loadService('health_check: {tcp: {port: 6379, timeout: 2}, timeout: 3}')
    assert.equal(both.healthCheck?.timeoutMs, 3000)
  })

  it('runs a command, in short and in full', async () => {
    const command = (args: readonly string[], on = 'service') => ({kind: 'command', program: 'pg_isready', args, on})
    assert.deepEqual(await checkOf('{command: pg_isready}'), command([]))
    assert.deepEqual(
      await checkOf('{command: pg_isready, args: [-U, postgres], on: host}'),
      command(['-U', 'postgres'], 'host'),
    )
    assert.deepEqual(await checkOf('{command: [pg_isready, -U, postgres]}'), command(['-U', 'postgres']))
    assert.deepEqual(
      await checkOf('{command: {program: pg_isready, args: ["${api.port}"], on: host}}'),
      command(['${api.port}'], 'host'),
    )
  })

  it('warns of a command line that no shell takes apart', async () => {
    const [warning] = await problemsOf('services: {api: {type: process, health_check: {command: curl -f localhost}}}')
    assert.deepEqual([warning?.severity, warning?.suggestion], ['warning', 'write [curl, -f, localhost]'])
  })

  it('looks for a line, in short and in full', async () => {
    const log = (pattern: string) => ({kind: 'log', pattern})
    assert.deepEqual(
      await checkOf(String.raw`{log: 'listening on (?<port>\d+)'}`),
      log(String.raw`listening on (?<port>\d+)`),
    )
    assert.deepEqual(await checkOf('{log: {pattern: ready}}'), log('ready'))
    assert.equal((await loadService('health_check: {log: {pattern: a, timeout: 1s}}')).healthCheck?.timeoutMs, 1000)
  })

  it('takes a $ in a pattern for the end of the line, and variables for variables', async () => {
    const pattern = async (text: string): Promise<unknown> => {
      const service = await loadService(`health_check: {log: '${text}'}`, {WORD: 'up', PRICE: '5$'})
      assert.equal(service.healthCheck?.check.kind, 'log')
      return 'pattern' in service.healthCheck.check && service.healthCheck.check.pattern
    }
    for (const text of ['ready$', '^(ready$|steady$)$', 'a$|b', String.raw`(?<cost>\$\d+)$`]) {
      assert.equal(await pattern(text), text)
    }
    assert.equal(await pattern('^$WORD$'), '^up$')
    assert.equal(await pattern('${WORD} or ${GONE:-down}$$'), 'up or down$')
    assert.equal(await pattern(String.raw`\$$WORD`), String.raw`\$WORD`)
    assert.equal(await pattern('$PRICE'), '5$')
  })

  it('says why and where a pattern is none', async () => {
    const [problem, ...rest] = await problemsOf(
      'services:\n  api:\n    type: process\n    health_check:\n      any: [{tcp: 80}, {log: "(a"}]\n',
    )
    assert.deepEqual(rest, [])
    assert.equal(problem?.message, "services.api.health_check: '(a' is not a regular expression: Unterminated group.")
    assert.deepEqual([problem.path, problem.line, problem.column], ['services.api.health_check.any[1].log', 5, 30])
  })

  it('asks for all or any of several checks, one inside another', async () => {
    const text =
      '{all: [{http: "http://a"}, {any: [{tcp: 80}, {log: up}, {command: ok, args: [a], on: host}]}], timeout: 1s}'
    assert.deepEqual(await checkOf(text), {
      kind: 'all',
      checks: [
        {...http, url: 'http://a'},
        {
          kind: 'any',
          checks: [
            {kind: 'tcp', host: 'localhost', port: 80},
            {kind: 'log', pattern: 'up'},
            {kind: 'command', program: 'ok', args: ['a'], on: 'host'},
          ],
        },
      ],
    })
  })

  it('is exactly one check', async () => {
    const message = async (check: string) =>
      (await problemsOf(`services: {api: {type: process, health_check: ${check}}}`))[0]?.message
    const needs = 'services.api.health_check needs exactly one of http, tcp, command, log, all and any'
    assert.equal(await message('{}'), `${needs}, got none.`)
    assert.equal(await message('{tcp: 80, log: up}'), `${needs}, got tcp and log.`)
    assert.match(
      (await message('{any: [{interval: 1}]}')) ?? '',
      /^services\.api\.health_check\.any\[0\] needs exactly one/,
    )
  })

  it('refuses what it cannot ask', async () => {
    const wrong = [
      '{}',
      '[tcp]',
      '{log: ""}',
      '{log: [ready]}',
      '{log: {}}',
      '{log: ready, args: [a]}',
      '{log: "$' + '{api.port}"}',
      '{all: []}',
      '{any: []}',
      '{all: {tcp: 80}}',
      '{all: [80]}',
      '{all: [{}]}',
      '{all: [{tcp: 80, interval: 1s}]}',
      '{all: [{tcp: {port: 80, timeout: 1s}}]}',
      '{all: [{tcp: 80}, {tcp: 80, log: a}]}',
      '{all: [{any: []}]}',
      '{all: [{tcp: 80}], args: [a]}',
      '{tcp: 0}',
      '{tcp: "localhost:http"}',
      '{tcp: {host: a}}',
      '{http: "localhost:80"}',
      '{http: {url: "http://a", method: "GET /"}}',
      '{http: {url: "http://a", expected_status: ok}}',
      '{command: []}',
      '{command: {args: [a]}}',
      '{tcp: 80, args: [a]}',
      '{tcp: 80, retries: 0}',
      '{tcp: 80, timeout: 0}',
    ]
    for (const check of wrong) {
      const problems = await problemsOf(`services: {api: {type: process, health_check: ${check}}}`)
      assert.ok(problems.length > 0 && problems.every((each) => each.severity === 'error'), check)
    }
  })
})

describe('a liveness check', () => {
  it('is any check but one of the log', async () => {
    const liveness = async (check: string) =>
      (await problemsOf(`services: {api: {type: process, health_check: {log: up}, liveness: ${check}}}`)).map(
        ({message, path}) => `${path}: ${message}`,
      )
    assert.deepEqual(await liveness('{all: [{tcp: 80}, {command: ok}]}'), [])
    const reason = 'a line that came once does not say that the service is still alive.'
    assert.deepEqual(await liveness('{log: up}'), [
      `services.api.liveness.log: services.api.liveness cannot be a log check: ${reason}`,
    ])
    assert.deepEqual(await liveness('{all: [{tcp: 80}, {log: up}]}'), [
      `services.api.liveness.all[1].log: services.api.liveness cannot be a log check: ${reason}`,
    ])
  })
})
