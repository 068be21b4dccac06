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

  it('refuses what it cannot ask', async () => {
    const wrong = [
      '{}',
      '[tcp]',
      '{log: ready}',
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
