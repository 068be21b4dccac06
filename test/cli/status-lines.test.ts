import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {detailedStatusLines} from '../../src/cli/detailed-status.js'
import {endpointLines} from '../../src/cli/endpoint-lines.js'
import {statusLines, whyText} from '../../src/cli/status-lines.js'
import {createStyle} from '../../src/cli/style.js'
import {httpEndpoint, serviceStatus, taskStatus} from './fixtures.js'

const style = createStyle(false)
const now = Date.parse('2026-01-01T00:01:05.000Z')
const stack = {stack: 'demo-1', name: 'demo', file: '/srv/demo/harness.yaml', services: [serviceStatus()], tasks: []}

describe('the status of a stack', () => {
  it('is a table with what there is to say, and no column for what there is not', () => {
    const services = [
      serviceStatus({name: 'db', health: {ok: true, message: 'http 200', at: ''}, endpoints: [httpEndpoint]}),
      serviceStatus({name: 'worker', state: 'Failed', pid: null, uptimeMs: null, reason: 'exited with code 1'}),
    ]
    assert.deepEqual(statusLines({...stack, services, tasks: [taskStatus()]}, style, now), [
      'demo /srv/demo/harness.yaml',
      '',
      'SERVICE  STATE    HEALTH  WHERE     ENDPOINTS              UPTIME  WHY',
      'db       Running  ok      pid 4242  http://127.0.0.1:4000  1m 5s',
      'worker   Failed                                                    exited with code 1',
      '',
      'TASK  STATE',
      'seed  Succeeded',
    ])
  })

  it('says when nothing of it runs', () => {
    const stopped = serviceStatus({state: 'Stopped', pid: null, uptimeMs: null})
    assert.equal(statusLines({...stack, services: [stopped]}, style, now).at(-1), 'Nothing is running.')
    assert.notEqual(statusLines(stack, style, now).at(-1), 'Nothing is running.')
    const remains = serviceStatus({state: 'Failed', reason: 'it cannot be ended', reachability: 'unknown'})
    assert.match(
      statusLines({...stack, services: [stopped, remains]}, style, now).at(-1) ?? '',
      /it cannot be ended; may still run$/,
    )
  })

  it('says why: an obstacle, a wait, a back-off, a probe, an unreachable host', () => {
    const blockedBy = {kind: 'service', name: 'db', reason: "api needs service 'db', which failed"} as const
    assert.equal(whyText(serviceStatus({blockedBy}), now), "blocked: api needs service 'db', which failed")
    assert.equal(whyText(serviceStatus({waitsFor: ['db', 'seed']}), now), 'waits for db, seed')
    assert.equal(
      whyText(serviceStatus({reason: 'exited with code 1', backoffUntil: '2026-01-01T00:01:07.000Z'}), now),
      'exited with code 1; next start in 2.0 s',
    )
    assert.equal(whyText(serviceStatus({health: {ok: false, message: 'http 503', at: ''}}), now), 'http 503')
    assert.match(whyText(serviceStatus({reachability: 'unknown'}), now), /cannot be reached/)
    assert.match(whyText(serviceStatus({overdue: true}), now), /left running/)
  })

  it('has a block for each service in detail', () => {
    const services = [serviceStatus({endpoints: [httpEndpoint], exit: {code: 137, signal: 'SIGKILL', at: 'then'}})]
    const lines = detailedStatusLines({...stack, services}, {style, now})
    assert.ok(lines.includes('  state          Running since 2026-01-01T00:00:00.000Z (1m 5s)'), lines.join('\n'))
    assert.ok(lines.includes('  endpoint http  http://127.0.0.1:4000'))
    assert.ok(lines.includes('  exit           SIGKILL at then'))
  })

  it('marks what is in the file no more', () => {
    const services = [serviceStatus({name: 'old', orphan: true})]
    assert.match(statusLines({...stack, services}, style, now)[3] ?? '', /^old \(not in the file\) {2}Running/)
    assert.ok(detailedStatusLines({...stack, services}, {style, now}).includes('old (not in the file)'))
  })

  it('has what it uses, where that is known', () => {
    const services = [serviceStatus({name: 'web'})]
    const usage = new Map([['web', {service: 'web', cpu: 0.256, memory: 3 * 1024 * 1024, memoryLimit: 2 * 1024 ** 3}]])
    const lines = detailedStatusLines({...stack, services}, {style, now, usage}).join('\n')
    assert.match(lines, /processor +25\.6 % of a core\n +memory +3\.0 MiB of 2\.0 GiB/)
    assert.doesNotMatch(detailedStatusLines({...stack, services}, {style, now}).join('\n'), /memory/)
  })

  it('has what the log check found', () => {
    const services = [serviceStatus({outputs: {port: '4711'}})]
    assert.ok(detailedStatusLines({...stack, services}, {style, now}).includes('  output port  4711'))
  })

  it('takes control characters out of what services say', () => {
    const services = [serviceStatus({reason: 'bad\x1B[2J\nthing'})]
    assert.match(statusLines({...stack, services}, style, now).join('|'), /bad thing$/)
  })
})

describe('the endpoints after a start', () => {
  it('are those of services that run, with the name where one has several', () => {
    const metrics = {...httpEndpoint, name: 'metrics', port: 4001, url: 'http://127.0.0.1:4001'}
    const services = [
      serviceStatus({name: 'api', endpoints: [httpEndpoint, metrics]}),
      serviceStatus({name: 'gone', pid: null, endpoints: [httpEndpoint]}),
    ]
    assert.deepEqual(endpointLines(services, style), [
      'SERVICE  ENDPOINT  URL',
      'api      http      http://127.0.0.1:4000',
      'api      metrics   http://127.0.0.1:4001',
    ])
    assert.deepEqual(endpointLines([serviceStatus({endpoints: [httpEndpoint]})], style), [
      'SERVICE  URL',
      'api      http://127.0.0.1:4000',
    ])
    assert.deepEqual(endpointLines([serviceStatus()], style), [])
  })
})
