import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {definitionLines} from '../../src/cli/definition-lines.js'
import {historyLines} from '../../src/cli/history-lines.js'
import {createStyle} from '../../src/cli/style.js'
import type {ServiceDefinition} from '../../src/core/contract/stack.js'
import type {HistoryEntry} from '../../src/core/contract/status.js'

const style = createStyle(false)
const now = Date.parse('2026-01-01T00:00:10.000Z')
const exit = {code: 3, signal: null, at: '2026-01-01T00:00:05.000Z'}

function move(over: Partial<HistoryEntry>): HistoryEntry {
  const at = '2026-01-01T00:00:00.000Z'
  return {at, from: 'NotStarted', to: 'Starting', event: 'start', reason: null, attempt: 1, exit: null, ...over}
}

describe('the history of a service', () => {
  it('has every move with its cause, and an end only where it happened', () => {
    const history = [
      move({}),
      move({from: 'Starting', to: 'Running', event: 'ready', at: '2026-01-01T00:00:01.000Z'}),
      move({from: 'Running', to: 'Restarting', event: 'exitedRetry', exit, at: exit.at}),
      move({from: 'Restarting', to: 'Starting', event: 'relaunch', exit, attempt: 2, at: '2026-01-01T00:00:06.000Z'}),
    ]
    assert.deepEqual(historyLines(history, style, now), [
      'AT                        AGO     ATTEMPT  MOVE                   EVENT        WHY',
      '2026-01-01T00:00:00.000Z  10.0 s  1        NotStarted → Starting  start',
      '2026-01-01T00:00:01.000Z  9.0 s   1        Starting → Running     ready',
      '2026-01-01T00:00:05.000Z  5.0 s   1        Running → Restarting   exitedRetry  exit code 3',
      '2026-01-01T00:00:06.000Z  4.0 s   2        Restarting → Starting  relaunch',
    ])
  })

  it('does not say twice how it ended', () => {
    const last = (entry: Partial<HistoryEntry>): string | undefined =>
      historyLines([move({event: 'exitedFinal', ...entry})], style, now).at(-1)
    assert.match(last({reason: 'exit 3', exit}) ?? '', /exitedFinal {2}exit 3$/)
    assert.match(last({reason: 'crash loop', exit}) ?? '', /crash loop; exit code 3$/)
    assert.match(last({exit: {...exit, code: 137, signal: 'SIGKILL'}}) ?? '', /SIGKILL$/)
  })

  it('of one that never moved says so', () => {
    assert.deepEqual(historyLines([], style, now), ['It has not moved yet.'])
  })
})

describe('the summary of a definition', () => {
  const definition: ServiceDefinition = {
    target: {type: 'process', spec: {}},
    env: {MODE: 'test'},
    inheritEnv: true,
    ports: [{name: 'http', protocol: 'http', port: 0}],
    dependencies: [{kind: 'service', name: 'db', condition: 'ready', required: false, restart: false}],
    healthCheck: {
      check: {
        kind: 'any',
        checks: [
          {kind: 'tcp', host: 'localhost', port: 80},
          {kind: 'log', pattern: 'up'},
        ],
      },
      intervalMs: 10_000,
      startIntervalMs: 100,
      startPeriodMs: 0,
      timeoutMs: 1000,
      successThreshold: 1,
      failureThreshold: 3,
    },
    minUptimeMs: 0,
    onStartTimeout: 'keep',
    successExitCodes: [0],
    successSignals: [],
    replicas: 2,
    watch: [],
    logs: {capture: 'file'},
  } as unknown as ServiceDefinition

  it('has a line for what it says, and none for what it does not', () => {
    assert.deepEqual(definitionLines(definition, style), [
      '  runs as       process',
      '  needs         db ready (optional)',
      '  ports         http http any',
      '  health check  any of (tcp localhost:80, log /up/) every 10.0 s',
      '  replicas      2',
      '  environment   MODE',
    ])
  })
})
